package dev.banyan.proxy.route;

/** What a request does to a module's data, as far as routing is concerned. */
public enum Access {
  /** Changes nothing; follows the canary's percentage and is never held. */
  READ,
  /** May change data; goes to the owner only and waits while the module is held. */
  WRITE;

  /** Returns what a method does where no route says otherwise: GET, HEAD and OPTIONS read, every other one writes. */
  public static Access of(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS" -> READ;
      default -> WRITE;
    };
  }
}
