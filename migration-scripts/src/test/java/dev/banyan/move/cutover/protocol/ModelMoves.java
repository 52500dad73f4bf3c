package dev.banyan.move.cutover.protocol;

import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.Budget.Chance;
import dev.banyan.move.cutover.protocol.ModelMover.Life;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** What can happen next in a world. */
final class ModelMoves {

  /** Something that can happen; changes the world it is given, or throws {@link Impossible}. */
  record Move(String name, Happening happening) {}

  interface Happening {
    void in(ModelWorld world);
  }

  private ModelMoves() {}

  /** Returns everything that can happen, whether it is possible in a given world or not. */
  static List<Move> all() {
    List<Move> moves = new ArrayList<>();
    for (Owner owner : Owner.values()) {
      moves.add(new Move("a client begins to write to the " + owner.word(), world -> beginWrite(world, owner)));
      moves.add(new Move("a client commits on the " + owner.word(), world -> commitWrite(world, owner)));
    }
    for (int mover = 0; mover < 2; mover++) {
      int who = mover;
      moves.add(new Move("mover %d is killed".formatted(who), world -> kill(world, who)));
      moves.add(new Move("mover %d begins a switch".formatted(who), world -> beginSwitch(world, who)));
      moves.add(new Move("a step of mover %d fails".formatted(who), world -> fail(world, who)));
      moves.addAll(ofMoverAlone(who));
    }
    moves.addAll(ModelMessages.all());
    return moves;
  }

  /** Returns what a mover does by itself. */
  static List<Move> ofMoverAlone(int who) {
    return List.of(
        new Move("mover %d goes on".formatted(who), world -> goOn(world, who)),
        new Move("mover %d applies a transaction".formatted(who), world -> apply(world, who)));
  }

  private static void beginWrite(ModelWorld world, Owner owner) {
    ModelSide side = world.side(owner);
    possible(!side.fenced && side.openingBy == ModelSide.NONE && side.ghost == ModelSide.Ghost.NONE && side.openWrite == ModelSide.NONE);
    world.spend(Chance.WRITE);
    side.openWrite = world.written++;
  }

  static void commitWrite(ModelWorld world, Owner owner) {
    ModelSide side = world.side(owner);
    possible(side.openWrite != ModelSide.NONE);
    side.log.add(side.openWrite);
    world.acknowledged.add(side.openWrite);
    side.openWrite = ModelSide.NONE;
  }

  private static void kill(ModelWorld world, int who) {
    possible(world.movers[who].life != Life.DOWN);
    world.spend(Chance.KILL);
    end(world, who);
  }

  /** Its memory is gone, and the servers undo what it had not committed. */
  static void end(ModelWorld world, int who) {
    world.movers[who] = new ModelMover();
    for (Owner owner : Owner.values()) {
      ModelSide side = world.side(owner);
      side.reader = side.reader == who ? ModelSide.NONE : side.reader;
      side.openingBy = side.openingBy == who ? ModelSide.NONE : side.openingBy;
    }
  }

  private static void beginSwitch(ModelWorld world, int who) {
    ModelMover mover = world.movers[who];
    possible(mover.life == Life.FOLLOWING);
    world.spend(Chance.SWITCH);
    mover.run = new SwitchRun(Objects.requireNonNull(mover.record));
    mover.life = Life.SWITCHING;
  }

  private static void fail(ModelWorld world, int who) {
    possible(world.movers[who].life == Life.SWITCHING);
    world.spend(Chance.FAILURE);
    failed(world, who);
  }

  static void failed(ModelWorld world, int who) {
    SwitchRun run = Objects.requireNonNull(world.movers[who].run);
    if (run.canBeTakenBack()) {
      run.takeBack("failed");
    } else if (run.canBeCarriedOn()) {
      run.carryOn();
      world.movers[who].uncertain = true;
    } else {
      end(world, who);
    }
  }

  private static void goOn(ModelWorld world, int who) {
    try {
      switch (world.movers[who].life) {
        case DOWN -> start(world, who);
        case STARTING -> takeOver(world, who);
        case SETTLING -> settle(world, who);
        case CLEARING -> clear(world, who);
        case ATTACHING -> attach(world, who);
        case SWITCHING -> advance(world, who);
        case FOLLOWING, HALTED -> throw new Impossible("nothing to do");
      }
    } catch (StaleMoverException e) {
      end(world, who);
    } catch (SQLException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void start(ModelWorld world, int who) {
    if (world.movers[1 - who].life != Life.DOWN) {
        world.spend(Chance.OVERLAP);
    } else {
      // One by one they are the same.
      possible(who == 0 || world.movers[0].life != Life.DOWN);
    }
    world.monolith.reader = ModelSide.NONE;
    world.service.reader = ModelSide.NONE;
    world.movers[who].life = Life.STARTING;
  }

  private static void takeOver(ModelWorld world, int who) {
    possible(world.coming == null);
    world.record = ModelWorld.record(world.record.owner(), world.record.phase(), world.record.epoch() + 1, world.record.held());
    world.movers[who].record = world.record;
    world.movers[who].life = Life.SETTLING;
  }

  private static void settle(ModelWorld world, int who) throws SQLException, InterruptedException {
    ModelMover mover = world.movers[who];
    mover.record = SettlingStep.values()[mover.settled].run(world.acts(who), Objects.requireNonNull(mover.record));
    if (++mover.settled == SettlingStep.values().length) {
      mover.settled = 0;
      mover.life = Life.CLEARING;
    }
  }

  private static void clear(ModelWorld world, int who) throws InterruptedException {
    ModelMover mover = world.movers[who];
    Owner other = Objects.requireNonNull(mover.record).owner().other();
    // Whoever is in the way is ended when the session begins anew.
    possible(world.side(other).reader == ModelSide.NONE);
    world.acts(who).dropSlot(mover.record, other);
    mover.life = Life.ATTACHING;
  }

  private static void attach(ModelWorld world, int who) {
    ModelMover mover = world.movers[who];
    Owner owner = Objects.requireNonNull(mover.record).owner();
    ModelSide side = world.side(owner);
    possible(side.reader == ModelSide.NONE);
    if (side.slot == ModelSide.NONE || side.slot > world.side(owner.other()).applied) {
      // Written down before anything else, and that finds out who is stale.
      world.acts(who).requireCurrent(mover.record);
      mover.life = Life.HALTED;
      return;
    }
    side.reader = who;
    mover.follow(owner, mover.record.epoch());
    mover.life = Life.FOLLOWING;
  }

  private static void advance(ModelWorld world, int who) {
    ModelMover mover = world.movers[who];
    SwitchRun run = Objects.requireNonNull(mover.run);
    try {
      run.advance(world.acts(who));
    } catch (StaleMoverException | Impossible e) {
      throw e;
    } catch (SQLException | TimeoutException | InterruptedException | RuntimeException e) {
      failed(world, who);
      return;
    }
    if (run.isEnded() && mover.uncertain) {
      // Under an epoch of its own again, nothing that is still on its way has an effect.
      end(world, who);
    } else if (run.isEnded()) {
      mover.record = run.current();
      mover.run = null;
      mover.life = Life.FOLLOWING;
    }
  }

  private static void apply(ModelWorld world, int who) {
    ModelMover mover = world.movers[who];
    Owner owner = mover.following;
    if (owner == null || mover.sealed || world.side(owner).reader != who) {
      throw new Impossible("it applies nothing");
    }
    ModelSide source = world.side(owner);
    ModelSide target = world.side(owner.other());
    possible(target.applied < source.log.size() && target.ghost == ModelSide.Ghost.NONE
        && (target.openingBy == ModelSide.NONE || target.openingBy == who));
    if (target.epoch != mover.applierEpoch) {
      end(world, who);
      return;
    }
    target.log.add(source.log.get(target.applied));
    target.applied++;
    source.slot = target.applied;
  }

  private static void possible(boolean possible) {
    if (!possible) {
      throw new Impossible("not now");
    }
  }
}
