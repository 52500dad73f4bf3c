package dev.banyan.move.mover;

/** Is told, in sentences for people, what the mover does; called by one thread at a time. */
public interface MoverListener {

  /** Something has happened. */
  void say(String sentence);
}
