package dev.banyan.bench.race;

/** One side of a comparison. */
public interface Contestant {

  /** Runs once and returns what was measured, in the comparison's unit. */
  double run() throws Exception;
}
