package dev.banyan.move.mover;

import static dev.banyan.control.Progress.MOVER_SEEN_WITHIN;

import dev.banyan.control.ControlPlane.SwitchUnderWay;
import dev.banyan.control.Extraction;
import dev.banyan.control.Intents;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.FenceTriggers;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.SlotState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells in a sentence what state a move is in, whatever has happened to it, and carries it to the nearest safe one.
 *
 * <p>Idea: the record says what should be; the doctor looks at what is. What it mends is what a mover would settle when it
 * starts, under the mover's lock and a new epoch, so that it can do no harm whenever it is called.
 */
public final class Doctor {

  private final Workspace space;
  private final List<Finding> findings = new ArrayList<>();
  private boolean safe;

  /** Creates the doctor of one plan's move. */
  public Doctor(Workspace space) {
    this.space = space;
  }

  /**
   * What the doctor has found.
   *
   * @param state the state in a sentence or two
   * @param safe whether both databases answer, the owner can write, the other side cannot, and nothing is held or left over
   * @param findings what is not as it should be, with what to do about it
   */
  public record Diagnosis(String state, boolean safe, List<Finding> findings) {}

  /** Looks, and changes nothing. */
  public Diagnosis examine() throws SQLException {
    findings.clear();
    Checker checker = space.checker();
    boolean reachable = checker.isReachable();
    findings.addAll(checker.found());
    safe = reachable;
    if (!checker.hasReached(Owner.MONOLITH)) {
      return new Diagnosis("Nothing can be said of module '%s': the monolith's database, which keeps the record, does not answer."
          .formatted(space.module()), false, List.copyOf(findings));
    }
    Optional<Extraction> record = space.control().isInstalled() ? space.control().find(space.module()) : Optional.empty();
    String state = record.isEmpty()
        ? "No move of module '%s' has begun.".formatted(space.module())
        : ofMove(record.get(), reachable);
    return new Diagnosis(state, safe, List.copyOf(findings));
  }

  private String ofMove(Extraction record, boolean reachable) throws SQLException {
    if (record.phase().isEnded()) {
      return ofEnded(record);
    }
    MoverPresence mover = MoverPresence.of(space);
    mover(mover);
    String sentence = standing(record) + broken(record, mover.runs());
    if (record.phase() != Phase.PLANNED) {
      held(record, mover);
      if (reachable) {
        sides(record, mover.runs());
      } else if (new OwnerRescue(space).isNeeded() && !record.held()) {
        unsafe(new Finding("tables of the monolith", "closed", "open: it owns", fix("Until then nobody can write.")));
      }
    }
    return "%s %s".formatted(sentence, mover.sentence());
  }

  private String ofEnded(Extraction record) {
    if (!space.control().isCleaned(record.module())) {
      unsafe(new Finding("what the move made", "not all of it is taken away", "nothing left",
          fix("banyan run " + file() + " finishes it as well.")));
    }
    return "The move of module '%s' has ended: it is %s, and the %s owns."
        .formatted(record.module(), record.phase() == Phase.COMPLETED ? "completed" : "cancelled", record.owner().word());
  }

  private static String standing(Extraction record) {
    return "Module '%s' is %s: the %s owns%s.".formatted(record.module(), record.phase(), record.owner().word(),
        record.phase().isFollowing() ? ", the %s follows".formatted(record.owner().other().word()) : "");
  }

  private String broken(Extraction record, boolean moverRuns) {
    Optional<SwitchUnderWay> under = space.control().switchUnderWay(record.module());
    return under.map(step -> " A switch to the %s %s at step %s, %s its point of no return."
        .formatted(step.to(), moverRuns ? "is" : "was broken off", step.step(),
            step.to().equals(record.owner().word()) ? "behind" : "before")).orElse("");
  }

  private void mover(MoverPresence mover) {
    if (mover.hangs()) {
      findings.add(new Finding("mover", "%s has its lock, and was not heard of for %d s or more".formatted(mover.holder().orElseThrow(),
          MOVER_SEEN_WITHIN.toSeconds()), "one that runs", "Let it go on, or end it; then: banyan run " + file()));
    } else if (mover.waits()) {
      findings.add(new Finding("mover", "waits, or has just ended%s".formatted(mover.message().map(": "::concat).orElse("")), "one that runs",
          "See that both databases answer; where it has ended: banyan run " + file()));
    } else if (!mover.runs()) {
      findings.add(new Finding("mover", mover.message().map("none, it stopped: "::concat).orElse("none"), "one",
          "Start it: banyan run " + file()));
    } else if (mover.seen().orElseThrow().state().equals("halted")) {
      findings.add(new Finding("stream", "halted: " + mover.message().orElse(""), "running",
          "Do what the message says; the owner is not concerned."));
    }
  }

  private void held(Extraction record, MoverPresence mover) {
    if (record.held()) {
      unsafe(new Finding("writes", "held by the proxies until %d ms are over, and refused then".formatted(record.maxHold().toMillis()),
          "let through", mover.runs() ? "Wait for the switch to end; the mover that runs lets them through." : fix("")));
    }
    // Only a mover that is gone can have left it so.
    if (!mover.runs() && space.intents().open(record.module()).filter(intent -> intent.state() == Intents.State.RUNNING).isPresent()) {
      unsafe(new Finding("what was asked for", "begun, and not ended", "ended", fix("")));
    }
  }

  private void sides(Extraction record, boolean moverRuns) throws SQLException {
    Link link = space.link();
    // A mover that runs may be in the middle of a switch, and closes and opens as it should be.
    if (!moverRuns) {
      if (!new FenceTriggers(link, record.owner()).isLowered()) {
        unsafe(new Finding("tables of the " + record.owner().word(), "closed", "open: it owns", fix("Until then nobody can write.")));
      }
      if (!new FenceTriggers(link, record.owner().other()).isRaised()) {
        unsafe(new Finding("tables of the " + record.owner().other().word(), "open",
            "closed: the %s owns".formatted(record.owner().word()), fix("")));
      }
    }
    if (record.phase().isFollowing()) {
      slots(record, link, moverRuns);
    }
  }

  private void slots(Extraction record, Link link, boolean moverRuns) {
    Optional<SlotState> own = new Replication(link, record.owner()).slotState();
    if (own.isEmpty() || own.get().isLost()) {
      findings.add(new Finding("slot of the " + record.owner().word(), own.isEmpty() ? "none" : "invalidated by the server",
          "one that holds the log",
          record.owner() == Owner.MONOLITH ? "Start anew: banyan cancel %s, then banyan run %s".formatted(file(), file())
              : "There is no way back any more that loses nothing; the service goes on: banyan complete " + file()));
    }
    if (!moverRuns && new Replication(link, record.owner().other()).slotState().isPresent()) {
      unsafe(new Finding("slot of the " + record.owner().other().word(), "left over, and keeps log", "none", fix("")));
    }
  }

  private void unsafe(Finding finding) {
    safe = false;
    findings.add(finding);
  }

  private String fix(String more) {
    return "Run: banyan doctor %s --fix%s".formatted(file(), more.isEmpty() ? "" : "; " + more);
  }

  private String file() {
    return space.plan().file();
  }

  /**
   * Carries a move to the nearest safe state: a switch that was broken off before its point of no return is taken back, one
   * behind it carried forward, an ending finished. Does nothing where a move is safe. Where the service does not answer,
   * it opens a monolith that owns, and nothing else. Does nothing either while a mover runs, which does all this by itself.
   *
   * @return what is found afterwards
   * @throws Refused if somebody has the module's lock and is not heard of; nothing has changed
   */
  public Diagnosis fix(MoverListener listener) throws SQLException, InterruptedException {
    Diagnosis found = examine();
    if (found.safe()) {
      return found;
    }
    if (!space.checker().isReachable()) {
      new OwnerRescue(space).rescue();
      return examine();
    }
    if (MoverPresence.of(space).runs()) {
      return found;
    }
    Optional<Session> taken = new TakeOver(space, listener, StepGate.OPEN, false).openBegun();
    if (taken.isPresent()) {
      try (Session session = taken.get()) {
        session.settle();
        session.leave();
      }
    }
    return examine();
  }
}
