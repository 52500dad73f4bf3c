package dev.banyan.move.cutover.protocol;

import dev.banyan.control.client.Owner;

/**
 * A statement that is a transaction by itself, on its way to a server: when it comes, it finds what is there then.
 *
 * @param kind what it does
 * @param owner on which side
 * @param epoch under which epoch it was sent
 * @param value the position that it stores, or the number of the slot that it was to drop
 */
record LateStatement(Kind kind, Owner owner, long epoch, int value) {

  enum Kind { STORE_TURN, ADOPT, DROP_SLOT, CREATE_SLOT }

  /** It has come. */
  void arrive(ModelWorld world) {
    ModelSide side = world.side(owner);
    if (isForRow() && (side.ghost != ModelSide.Ghost.NONE || side.openingBy != ModelSide.NONE)) {
      throw new Impossible("the side's row is locked");
    }
    switch (kind) {
      case STORE_TURN -> side.applied = side.epoch == epoch ? value : side.applied;
      case ADOPT -> side.epoch = Math.max(side.epoch, epoch);
      case DROP_SLOT -> side.slot = isThere(side) && side.reader == ModelSide.NONE ? ModelSide.NONE : side.slot;
      case CREATE_SLOT -> create(side);
    }
  }

  private boolean isForRow() {
    return kind == Kind.STORE_TURN || kind == Kind.ADOPT;
  }

  /** A slot of the same name is not the same slot. */
  private boolean isThere(ModelSide side) {
    return side.slotsMade == value;
  }

  private static void create(ModelSide side) {
    if (side.slot == ModelSide.NONE) {
      side.makeSlot();
    }
  }

  /** Of two slots' numbers only their difference matters. */
  void describe(ModelWorld world, StringBuilder to) {
    to.append(kind).append(owner).append(epoch).append(',')
        .append(kind == Kind.DROP_SLOT ? isThere(world.side(owner)) : Integer.toString(value));
  }
}
