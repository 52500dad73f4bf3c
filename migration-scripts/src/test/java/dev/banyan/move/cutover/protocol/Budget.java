package dev.banyan.move.cutover.protocol;

import java.util.EnumMap;
import java.util.Map;

/** How much may still happen in a world. */
record Budget(Map<Chance, Integer> left) {

  /** What may happen. */
  enum Chance {
    /** A client writes, to whatever side. */
    WRITE,
    /** A mover is killed. */
    KILL,
    /** A step fails before it has an effect. */
    FAILURE,
    /** A mover takes over while another lives on and has not noticed. */
    OVERLAP,
    /** A switch begins, in either direction. */
    SWITCH,
    /** An act has its effect, and the mover does not learn of it. */
    LOST_ANSWER,
    /** A message is still on its way when the mover has given it up; it arrives at any time, or never. */
    LATE_MESSAGE
  }

  static Budget none() {
    return new Budget(Map.of());
  }

  Budget with(Chance chance, int times) {
    Map<Chance, Integer> more = new EnumMap<>(Chance.class);
    more.putAll(left);
    more.put(chance, times);
    return new Budget(more);
  }

  /** Returns what is left when this has happened once more. */
  Budget without(Chance chance) {
    int times = left.getOrDefault(chance, 0);
    if (times == 0) {
      throw new Impossible("no more of it");
    }
    return with(chance, times - 1);
  }
}
