package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The steps of a switch, in order; each has one effect. */
public enum SwitchStep implements Step {
  /** Says that a switch begins. */
  ANNOUNCE((acts, run) -> acts.record(run.current(), "switch.preparing", Map.of("to", run.to().word()))),
  /** Takes away what an earlier attempt has left. */
  CLEAR_WAY_BACK((acts, run) -> acts.dropSlot(run.current(), run.to())),
  /** Creates the slot of the way back; before the hold, because it waits for every open transaction of that server. */
  CREATE_WAY_BACK((acts, run) -> acts.createSlot(run.current(), run.to())),
  /** Reads the way back, and drops what it reads. */
  WARM_WAY_BACK((acts, run) -> acts.warmWayBack()),
  /** Compares what has changed so far, so that little is left for later. */
  PREPARE_PROOF((acts, run) -> acts.prepareProof()),
  /** Sends marks both ways, and waits for transactions that would hold the fence up. */
  PROBE((acts, run) -> acts.probe(run.current())),

  /** Proxies keep new writes waiting from here. */
  HOLD((acts, run) -> run.become(acts.hold(run.current()))),
  /** Those in flight end. */
  AWAIT_PROXIES((acts, run) -> acts.awaitProxies(run.current())),
  /** The owner refuses every write from here. */
  FENCE((acts, run) -> acts.fence(run.current())),
  /** What the owner has committed arrives. */
  CATCH_UP((acts, run) -> acts.catchUp()),
  /** Only the switch writes on the other side from here. */
  SEAL((acts, run) -> acts.seal()),
  /** Every row is known to be equal from here. */
  PROVE((acts, run) -> acts.prove(run.current())),
  /** No key will be given twice. */
  SEQUENCES((acts, run) -> acts.moveSequences()),
  /** What comes behind this point, and only that, flows back. */
  TURN((acts, run) -> run.turn(acts.turn())),
  /** So that whoever carries on finds it. */
  STORE_TURN((acts, run) -> acts.storeTurn(run.current(), run.turnedAt())),
  /** What has changed since the certificates stays known. */
  CARRY_KEYS((acts, run) -> acts.carryKeys(run.current())),
  /** Nothing is left to do for the opening but to commit it. */
  PREPARE_OPENING((acts, run) -> acts.prepareOpening(run.current())),

  /** The point of no return. */
  DECIDE((acts, run) -> run.become(acts.decide(run.current(), run.turnedAt()))),
  /** The new owner accepts writes from here. */
  OPEN((acts, run) -> acts.commitOpening()),
  /** Those that were held go to it. */
  RELEASE((acts, run) -> run.become(acts.release(run.current()))),

  /** The former owner obeys the new epoch from here. */
  ADOPT_FORMER((acts, run) -> acts.adopt(run.from(), run.current().epoch())),
  /** The former direction ends. */
  END_FORWARD((acts, run) -> acts.endForward()),
  /** The former owner follows from here. */
  BEGIN_WAY_BACK((acts, run) -> acts.beginWayBack(run.current(), run.turnedAt())),
  /** What was proven is the new owner's certificate. */
  CERTIFY((acts, run) -> acts.certify(run.current())),
  /** Nobody reads the former direction any more. */
  DROP_FORMER_SLOT((acts, run) -> acts.dropSlot(run.current(), run.from())),
  /** Says how long each step took. */
  REPORT((acts, run) -> acts.report(run.current()));

  private final Act act;

  SwitchStep(Act act) {
    this.act = act;
  }

  @Override
  public void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException, TimeoutException {
    act.run(acts, run);
  }

  /** Tells whether writes are held while this runs. */
  public boolean isHeld() {
    return compareTo(HOLD) >= 0 && compareTo(RELEASE) <= 0;
  }

  /** Tells whether a switch that fails here cannot be taken back any more, or may have come too far for it. */
  public boolean isDecisive() {
    return compareTo(DECIDE) >= 0;
  }
}
