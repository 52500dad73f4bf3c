package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The acts of one mover on the model's two databases. */
final class ModelActs implements SwitchActs {

  private final ModelWorld world;
  private final int mover;

  ModelActs(ModelWorld world, int mover) {
    this.world = world;
    this.mover = mover;
  }

  private ModelMover me() {
    return world.movers[mover];
  }

  private SwitchRun run() {
    return Objects.requireNonNull(me().run);
  }

  private ModelSide side(Owner owner) {
    return world.side(owner);
  }

  private ModelSide from() {
    return side(run().from());
  }

  private ModelSide to() {
    return side(run().to());
  }

  @Override
  public void requireCurrent(Extraction record) {
    if (world.record.epoch() != record.epoch()) {
      throw new StaleMoverException(record.module(), record.epoch());
    }
  }

  private Extraction change(Extraction from, Owner owner, Phase phase, long epoch, boolean held) {
    if (world.coming != null) {
      throw new Impossible("the record is locked");
    }
    if (world.record.epoch() != from.epoch() || world.record.phase() != from.phase()) {
      throw new StaleMoverException(from.module(), from.epoch());
    }
    world.record = ModelWorld.record(owner, phase, epoch, held);
    return world.record;
  }

  /** Another transaction holds the row that says which epoch may act here. */
  private void awaitRow(ModelSide side) {
    world.require(side.openingBy != mover, "no mover waits for a lock of its own");
    if (side.ghost != ModelSide.Ghost.NONE || side.openingBy != ModelSide.NONE) {
      throw new Impossible("the side's row is locked");
    }
  }

  private void requireEpoch(ModelSide side, long epoch) {
    awaitRow(side);
    if (side.epoch > epoch) {
      throw new StaleMoverException(ModelWorld.MODULE, epoch);
    }
    side.epoch = epoch;
  }

  private void requireLocks(ModelSide side) {
    if (side.openWrite != ModelSide.NONE) {
      throw new Impossible("a writer is in the way");
    }
  }

  @Override
  public void install(Owner owner, long epoch) {
    awaitRow(side(owner));
    side(owner).epoch = Math.max(side(owner).epoch, epoch);
  }

  @Override
  public void adopt(Owner owner, long epoch) {
    requireEpoch(side(owner), epoch);
  }

  @Override
  public void close(Owner owner, long epoch) {
    ModelSide side = side(owner);
    if (!side.fenced) {
      awaitRow(side);
      requireLocks(side);
      requireEpoch(side, epoch);
      side.fenced = true;
    }
  }

  @Override
  public void open(Owner owner, long epoch) {
    ModelSide side = side(owner);
    if (side.fenced) {
      requireEpoch(side, epoch);
      side.fenced = false;
    }
  }

  @Override
  public Extraction release(Extraction record) {
    return change(record, record.owner(), record.phase(), record.epoch(), false);
  }

  @Override
  public void record(Extraction at, String event, Map<String, ?> detail) {
    requireCurrent(at);
  }

  @Override
  public void begin(Extraction at, String step) {
    requireCurrent(at);
  }

  @Override
  public void dropSlot(Extraction at, Owner owner) {
    ModelSide side = side(owner);
    requireCurrent(at);
    if (side.reader == mover) {
      throw new IllegalStateException("drops a slot that it reads itself");
    }
    if (side.reader != ModelSide.NONE) {
      throw new IllegalStateException("the slot is in use");
    }
    side.slot = ModelSide.NONE;
  }

  @Override
  public void createSlot(Extraction at, Owner owner) {
    if (side(owner).slot != ModelSide.NONE) {
      throw new IllegalStateException("the slot is there");
    }
    requireLocks(side(owner));
    side(owner).makeSlot();
  }

  @Override
  public void warmWayBack() {
    if (to().slot == ModelSide.NONE || to().reader != ModelSide.NONE) {
      throw new IllegalStateException("no slot to read");
    }
    to().reader = mover;
    me().warm = true;
  }

  @Override
  public void prepareProof() {}

  @Override
  public void probe(Extraction at) {
    requireReading(to());
    requireReading(from());
  }

  private void requireReading(ModelSide side) {
    if (side.reader != mover) {
      throw new IllegalStateException("the stream has ended");
    }
  }

  @Override
  public Extraction hold(Extraction at) {
    return change(at, at.owner(), at.phase(), at.epoch(), true);
  }

  @Override
  public void awaitProxies(Extraction at) {}

  @Override
  public void fence(Extraction at) throws SQLException {
    awaitRow(from());
    if (from().openWrite != ModelSide.NONE) {
      throw new BlockedException(run().from(), Duration.ZERO, new SQLException("in the way"));
    }
    requireEpoch(from(), at.epoch());
    from().fenced = true;
  }

  @Override
  public void pauseBetweenAttempts(Extraction at, int attempt, BlockedException reason) {
    if (attempt == 2) {
      throw reason;
    }
  }

  @Override
  public void catchUp() {
    requireReading(from());
    if (to().applied < from().log.size()) {
      throw new Impossible("not applied yet");
    }
  }

  @Override
  public void seal() {
    me().sealed = true;
  }

  @Override
  public void prove(Extraction at) {
    boolean equal = Set.copyOf(from().log).equals(Set.copyOf(to().log));
    world.require(equal || world.record.epoch() != at.epoch(), "both sides are equal where the switch proves them");
    if (!equal) {
      throw new IllegalStateException("rows differ");
    }
  }

  @Override
  public void moveSequences() {}

  @Override
  public Lsn turn() {
    requireReading(to());
    return new Lsn(to().log.size());
  }

  @Override
  public void storeTurn(Extraction at, Lsn turnedAt) {
    awaitRow(from());
    if (from().epoch != at.epoch()) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
    from().applied = (int) turnedAt.value();
  }

  @Override
  public void carryKeys(Extraction at) {}

  @Override
  public void prepareOpening(Extraction at) {
    requireLocks(to());
    awaitRow(to());
    if (to().epoch > at.epoch() + 1) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
    to().openingBy = mover;
    to().openingEpoch = at.epoch() + 1;
  }

  @Override
  public void closeOpening() {
    if (to().openingBy == mover) {
      to().openingBy = ModelSide.NONE;
    }
  }

  @Override
  public Extraction decide(Extraction at, Lsn turnedAt) {
    Phase phase = run().to() == Owner.SERVICE ? Phase.WRITES_SWITCHED : Phase.IN_SYNC;
    Extraction decided = change(at, run().to(), phase, at.epoch() + 1, at.held());
    world.require(from().fenced && to().fenced, "both sides stand still where the switch is decided");
    world.require(Set.copyOf(from().log).equals(Set.copyOf(to().log)), "both sides are equal where the switch is decided");
    return decided;
  }

  @Override
  public void commitOpening() {
    if (to().openingBy != mover) {
      throw new IllegalStateException("the connection is lost");
    }
    to().openingBy = ModelSide.NONE;
    to().epoch = to().openingEpoch;
    to().fenced = false;
  }

  @Override
  public void endForward() {
    stop(from());
    me().following = null;
  }

  @Override
  public void resumeForward() {
    me().sealed = false;
  }

  @Override
  public void endWayBack() {
    if (me().warm) {
      stop(to());
      me().warm = false;
    }
  }

  private void stop(ModelSide side) {
    if (side.reader == mover) {
      side.reader = ModelSide.NONE;
    }
  }

  @Override
  public void beginWayBack(Extraction at, Lsn turnedAt) {
    requireReading(to());
    me().warm = false;
    me().follow(run().to(), at.epoch());
  }

  @Override
  public void certify(Extraction at) {}

  @Override
  public void report(Extraction at) {
    requireCurrent(at);
  }
}
