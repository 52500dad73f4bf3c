package dev.banyan.move.database;

import dev.banyan.control.client.Owner;

/** The names of what a move makes in both databases, all of them derived from the module. */
public final class ObjectNames {

  /** The fence's trigger, on every moved table of both sides. */
  public static final String FENCE = "banyan_fence";

  /** What the marks in either log begin with, which tells them from other messages. */
  public static final String MARKS = "banyan";

  private ObjectNames() {}

  /** Returns the name of the publication; each of the two databases has one. */
  public static String publication(String module) {
    return "banyan_" + module;
  }

  /** Returns the name of the slot on one side; slots are a server's, and both databases may be on one. */
  public static String slot(String module, Owner side) {
    return "banyan_" + module + "_" + side.word();
  }
}
