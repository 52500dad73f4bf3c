package dev.banyan.move.mover;

/**
 * A step of a random history.
 *
 * @param kind what is done
 * @param session which session does it
 * @param table to which table, counted round
 * @param row to the row of which number
 * @param other another row's number
 * @param seed what values are made of
 */
record RandomStep(Kind kind, int session, int table, int row, int other, int seed) {

  enum Kind {
    INSERT(20), UPDATE(20), UPDATE_BIG(6), UPDATE_ALL(4), DELETE(10), REPLACE(8), REKEY(8), SWAP_KEYS(6), SWAP_UNIQUE(6),
    TRUNCATE(1), MANY(1), SAVEPOINT(8), ROLLBACK_TO(8), ROLLBACK(4), COMMIT(25);

    private final int frequency;

    Kind(int frequency) {
      this.frequency = frequency;
    }

    int frequency() {
      return frequency;
    }
  }
}
