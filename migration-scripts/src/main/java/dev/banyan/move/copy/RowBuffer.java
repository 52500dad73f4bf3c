package dev.banyan.move.copy;

import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Gathers rows into messages of a good size: neither the driver nor the server cares where a message ends. */
final class RowBuffer {

  private static final int BYTES = 64 * 1024;

  private final CopyIn sink;
  private final byte[] gathered = new byte[BYTES];
  private int length;

  RowBuffer(CopyIn sink) {
    this.sink = sink;
  }

  void add(byte[] row) throws SQLException {
    if (row.length > BYTES - length) {
      flush();
    }
    if (row.length > BYTES) {
      sink.writeToCopy(row, 0, row.length);
    } else {
      System.arraycopy(row, 0, gathered, length, row.length);
      length += row.length;
    }
  }

  void flush() throws SQLException {
    if (length > 0) {
      sink.writeToCopy(gathered, 0, length);
      length = 0;
    }
  }
}
