package dev.banyan.proxy.hold;

/** Why a write was not sent on. */
public enum Refusal {
  /** It waited as long as it may. */
  HELD_TOO_LONG("waited for the end of a switch longer than it may"),
  /** As many writes wait already as this proxy holds. */
  TOO_MANY_HELD("was not held: as many writes wait for the end of a switch as this proxy holds"),
  /** Its body does not fit into what is left for the bodies of writes that wait. */
  BODY_TOO_LARGE("was not held: its body does not fit beside those of the writes that wait for the end of a switch"),
  /** The module is held, and the control database that would end the hold is out of reach. */
  CONTROL_LOST("was refused: a switch is under way and its control database is out of reach");

  private final String reason;

  Refusal(String reason) {
    this.reason = reason;
  }

  /** Returns the reason, as it goes on after "The write". */
  public String reason() {
    return reason;
  }
}
