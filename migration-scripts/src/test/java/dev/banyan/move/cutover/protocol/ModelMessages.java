package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.Budget.Chance;
import dev.banyan.move.cutover.protocol.ModelMover.Life;
import dev.banyan.move.cutover.protocol.ModelMoves.Move;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * What becomes of messages between a mover and the servers. An answer is lost: the act has its effect, and the mover takes it for
 * failed. A message is late: the mover takes it for failed, and it has its effect at any time after, or never. Of a transaction of
 * several statements only the commit can be late: each of the others was answered before, so its locks are held until it comes.
 */
final class ModelMessages {

  private static final Set<String> MESSAGES = Set.of("install", "adopt", "close", "open", "release", "hold", "fence", "storeTurn",
      "prepareOpening", "decide", "commitOpening", "dropSlot", "createSlot");

  private ModelMessages() {}

  /** Returns everything that can become of them. */
  static List<Move> all() {
    List<Move> moves = new ArrayList<>();
    for (int mover = 0; mover < 2; mover++) {
      int who = mover;
      moves.add(new Move("the answer to mover %d is lost".formatted(who), world -> loseAnswer(world, who)));
      moves.add(new Move("the message of mover %d is late".formatted(who), world -> delay(world, who)));
    }
    for (Owner owner : Owner.values()) {
      moves.add(new Move("a late commit comes to the " + owner.word(), world -> endGhost(world, owner, true)));
      moves.add(new Move("the %s undoes what a lost connection had begun".formatted(owner.word()), world -> endGhost(world, owner, false)));
    }
    moves.add(new Move("a late commit comes to the record", world -> become(world, true)));
    moves.add(new Move("a late commit never comes to the record", world -> become(world, false)));
    moves.add(new Move("a late statement comes", ModelMessages::arrive));
    return moves;
  }

  /** Has everything that is on its way arrive, or nothing of it. */
  static void end(ModelWorld world, boolean arrives) {
    for (Owner owner : Owner.values()) {
      ModelSide side = world.side(owner);
      side.endGhost(arrives && side.ghost != ModelSide.Ghost.UNDONE && side.ghost != ModelSide.Ghost.NONE);
    }
    world.record = arrives && world.coming != null ? world.coming : world.record;
    world.coming = null;
    if (arrives) {
      world.late.forEach(statement -> statement.arrive(world));
    }
    world.late.clear();
  }

  private static void endGhost(ModelWorld world, Owner owner, boolean committed) {
    ModelSide side = world.side(owner);
    if (side.ghost == ModelSide.Ghost.NONE || committed && side.ghost == ModelSide.Ghost.UNDONE) {
      throw new Impossible("there is none");
    }
    side.endGhost(committed);
  }

  private static void become(ModelWorld world, boolean committed) {
    if (world.coming == null) {
      throw new Impossible("there is none");
    }
    world.record = committed ? world.coming : world.record;
    world.coming = null;
  }

  private static void arrive(ModelWorld world) {
    if (world.late.isEmpty()) {
      throw new Impossible("there is none");
    }
    world.late.remove(0).arrive(world);
  }

  private static void loseAnswer(ModelWorld world, int who) {
    world.spend(Chance.LOST_ANSWER);
    disturb(world, who, (name, act, arguments) -> {
      if (name.equals("prepareOpening")) {
        // Whoever has not got the connection cannot close it.
        send(world, who, name, arguments);
      } else {
        act.run();
      }
    });
  }

  private static void delay(ModelWorld world, int who) {
    world.spend(Chance.LATE_MESSAGE);
    disturb(world, who, (name, act, arguments) -> send(world, who, name, arguments));
  }

  private interface Act {
    void run() throws Throwable;
  }

  private interface Disturbance {
    void of(String name, Act act, Object[] arguments) throws Throwable;
  }

  private static void disturb(ModelWorld world, int who, Disturbance disturbance) {
    ModelMover mover = world.movers[who];
    if (mover.life != Life.SWITCHING && mover.life != Life.SETTLING) {
      throw new Impossible("it sends nothing");
    }
    try {
      SwitchActs acts = disturbed(world.acts(who), disturbance);
      if (mover.life == Life.SETTLING) {
        SettlingStep.values()[mover.settled].run(acts, Objects.requireNonNull(mover.record));
      } else {
        Objects.requireNonNull(mover.run).advance(acts);
      }
      throw new Impossible("it has sent nothing");
    } catch (LostAnswer e) {
      mover.uncertain = true;
      if (mover.life == Life.SETTLING) {
        ModelMoves.end(world, who);
      } else {
        ModelMoves.failed(world, who);
      }
    } catch (StaleMoverException e) {
      ModelMoves.end(world, who);
    } catch (SQLException | TimeoutException | InterruptedException e) {
      throw new AssertionError(e);
    } catch (IllegalStateException | BlockedException e) {
      throw new Impossible("that is an answer");
    }
  }

  private static SwitchActs disturbed(SwitchActs acts, Disturbance disturbance) {
    return (SwitchActs) Proxy.newProxyInstance(ModelMessages.class.getClassLoader(), new Class<?>[] {SwitchActs.class},
        (proxy, method, arguments) -> {
          if (!MESSAGES.contains(method.getName())) {
            throw new Impossible("no message");
          }
          disturbance.of(method.getName(), () -> {
            try {
              method.invoke(acts, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          }, arguments);
          throw new LostAnswer();
        });
  }

  private static void send(ModelWorld world, int who, String act, Object[] arguments) {
    LateActs late = new LateActs(world, who);
    switch (act) {
      case "fence" -> late.close(late.from(), ((Extraction) arguments[0]).epoch(), true);
      case "close" -> late.close((Owner) arguments[0], (long) arguments[1], false);
      case "open" -> late.open((Owner) arguments[0], (long) arguments[1]);
      case "prepareOpening" -> late.prepareOpening((Extraction) arguments[0]);
      case "commitOpening" -> late.commitOpening();
      case "hold" -> late.change((Extraction) arguments[0], true);
      case "release" -> late.change((Extraction) arguments[0], false);
      case "decide" -> late.decide((Extraction) arguments[0]);
      case "storeTurn" -> late.statement(LateStatement.Kind.STORE_TURN, late.from(), ((Extraction) arguments[0]).epoch());
      case "install" -> late.statement(LateStatement.Kind.ADOPT, (Owner) arguments[0], (long) arguments[1]);
      case "adopt" -> late.statement(LateStatement.Kind.ADOPT, (Owner) arguments[0], (long) arguments[1]);
      case "dropSlot" -> late.dropSlot((Extraction) arguments[0], (Owner) arguments[1]);
      case "createSlot" -> late.statement(LateStatement.Kind.CREATE_SLOT, (Owner) arguments[1], ((Extraction) arguments[0]).epoch());
      default -> throw new AssertionError(act);
    }
  }

  /** The mover does not know what has become of its message. */
  private static final class LostAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LostAnswer() {
      super("no answer", null, false, false);
    }
  }

  /** What a message leaves behind that is on its way. */
  private record LateActs(ModelWorld world, int mover) {

    private SwitchRun run() {
      return Objects.requireNonNull(world.movers[mover].run);
    }

    Owner from() {
      return run().from();
    }

    private ModelSide locked(Owner owner, long epoch) {
      ModelSide side = world.side(owner);
      if (side.ghost != ModelSide.Ghost.NONE || side.openingBy != ModelSide.NONE && side.openingBy != mover || side.openWrite != ModelSide.NONE) {
        throw new Impossible("somebody has the locks");
      }
      if (side.epoch > epoch) {
        throw new StaleMoverException(ModelWorld.MODULE, epoch);
      }
      return side;
    }

    void close(Owner owner, long epoch, boolean always) {
      if (!always && world.side(owner).fenced) {
        throw new Impossible("it is closed");
      }
      locked(owner, epoch).haunt(ModelSide.Ghost.CLOSES, epoch);
    }

    void open(Owner owner, long epoch) {
      if (!world.side(owner).fenced) {
        throw new Impossible("it is open");
      }
      locked(owner, epoch).haunt(ModelSide.Ghost.OPENS, epoch);
    }

    void prepareOpening(Extraction at) {
      locked(run().to(), at.epoch() + 1).haunt(ModelSide.Ghost.UNDONE, 0);
    }

    void commitOpening() {
      ModelSide to = world.side(run().to());
      if (to.openingBy != mover) {
        throw new Impossible("the connection is lost");
      }
      to.openingBy = ModelSide.NONE;
      to.haunt(ModelSide.Ghost.OPENS, to.openingEpoch);
    }

    void change(Extraction at, boolean held) {
      come(at, ModelWorld.record(at.owner(), at.phase(), at.epoch(), held));
    }

    void decide(Extraction at) {
      come(at, ModelWorld.record(run().to(), run().to() == Owner.SERVICE ? Phase.WRITES_SWITCHED : Phase.IN_SYNC, at.epoch() + 1, at.held()));
    }

    private void come(Extraction at, Extraction coming) {
      if (world.coming != null) {
        throw new Impossible("the record is locked");
      }
      if (world.record.epoch() != at.epoch() || world.record.phase() != at.phase()) {
        throw new StaleMoverException(at.module(), at.epoch());
      }
      world.coming = coming;
    }

    /** Nobody sends it who has been replaced: the record is asked first, and locked until there is an answer. */
    void dropSlot(Extraction at, Owner owner) {
      world.acts(mover).requireCurrent(at);
      statement(LateStatement.Kind.DROP_SLOT, owner, at.epoch());
    }

    void statement(LateStatement.Kind kind, Owner owner, long epoch) {
      int value = switch (kind) {
        case STORE_TURN -> (int) run().turnedAt().value();
        case DROP_SLOT -> world.side(owner).slotsMade;
        case ADOPT, CREATE_SLOT -> 0;
      };
      world.late.add(new LateStatement(kind, owner, epoch, value));
    }
  }
}
