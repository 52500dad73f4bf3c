package dev.banyan.move.plan;

import java.util.Map;

/** Limits for tests: a switch may take 5 s, the log may grow, and nobody is waited for at the end. */
public final class TestLimits {

  private static final Map<Limit, String> BASE = Map.of(Limit.MAX_PAUSE, "5s", Limit.MAX_LAG, "5s", Limit.VERIFIED_WITHIN, "1h",
      Limit.RETAINED_WAL, "1TB", Limit.VERIFY_JOBS, "2", Limit.MAX_LOAD, "unlimited", Limit.QUIET_FOR, "0s");

  private TestLimits() {}

  /** Returns limits with these, and what a plan that says nothing has besides. */
  public static Limits of(Map<Limit, String> said) {
    return Limits.of(limit -> said.getOrDefault(limit, BASE.getOrDefault(limit, limit.defaultText())));
  }

  /** Returns what a plan has that says only this. */
  public static Limits defaultsBut(Limit one, String text) {
    return Limits.of(limit -> limit == one ? text : limit.defaultText());
  }

  /** Returns limits for the fence and for the copy. */
  public static Limits of(String fenceTimeout, int fenceAttempts, int copyJobs, int rangeRows) {
    return of(Map.of(Limit.FENCE_TIMEOUT, fenceTimeout, Limit.FENCE_ATTEMPTS, String.valueOf(fenceAttempts),
        Limit.COPY_JOBS, String.valueOf(copyJobs), Limit.RANGE_ROWS, String.valueOf(rangeRows)));
  }
}
