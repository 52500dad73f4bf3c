package shop.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.copies.DeclaredCopy.Difference;
import shop.copies.DeclaredCopy.Page;
import shop.copies.Staleness.Verdict;

/** The age of what differs, by a clock of the test's; an hour is allowed. */
class StalenessTests {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-12-01T08:00:00Z"));
  private final AtomicReference<Supplier<List<Difference>>> differences = new AtomicReference<>(List::of);
  private final InstantSource time = now::get;
  private final Clock clock = time.withZone(ZoneOffset.UTC);
  private final Staleness staleness = new Staleness(new Names(), clock, Duration.ofHours(1));

  /** A copy of names that differs as a test says. */
  private final class Names implements DeclaredCopy {

    @Override
    public String name() {
      return "orders.customerName";
    }

    @Override
    public String owner() {
      return "users.name";
    }

    @Override
    public Optional<Duration> lag() {
      return Optional.empty();
    }

    @Override
    public Page compare(@Nullable String after) {
      var found = differences.get().get();
      return new Page(found.size(), found, null);
    }

    @Override
    public boolean heal(Difference difference) {
      return false;
    }
  }

  /** Versions of copy and owner at one comparison, and 59 minutes later; whether it is the same that differs. */
  @ParameterizedTest
  @CsvSource({
      "0, 2, 0, 2, true",   // stands still
      "0, 2, 1, 5, true",   // moves, and has never come to where its owner was
      "0, 2, 2, 5, false",  // was there, and is on its way again
      "0, 2, 4, 5, false",
      "3, 3, 3, 3, true",   // somebody has changed the value
      "3, 3, 3, 5, true",   // and the next update was lost
      "3, 3, 4, 5, false",  // an update has arrived
      "-1, 2, -1, 2, true", // there is no copy
      "-1, 2, 0, 2, true",
      "7, 2, 7, 2, true",   // newer than the owner's answer
      "7, 2, 9, 3, true",
      "7, 2, 8, 7, false",  // the owner's answer was old
      "0, 2, 3, 1, false"})
  void countsTheAgeFromWhenItWasFirstSeenThatTheCopyLacksWhatItsOwnerHas(long copy, long owner, long laterCopy, long laterOwner, boolean same) {
    compare(difference("a", copy, owner));
    later(59);
    compare(difference("b", laterCopy, laterOwner));
    assertThat(staleness.oldest()).isEqualTo(same ? Duration.ofMinutes(59) : Duration.ZERO);
    later(2);
    compare(difference("b", laterCopy, laterOwner));
    assertThat(staleness.verdict()).isEqualTo(same ? Verdict.STALE : Verdict.GOOD);
  }

  /** As after a start: nothing is known of earlier comparisons, and the owner tells since when it has what the copy lacks. */
  @ParameterizedTest
  @CsvSource({
      "1, 2, 61, STALE",  // the copy has missed a version for longer than allowed
      "1, 2, 59, GOOD",
      "2, 2, 61, GOOD",   // somebody has changed the value, nobody knows when
      "3, 2, 61, GOOD",   // newer than the owner's answer
      "-1, 2, 61, GOOD",  // there is no copy any more, nobody knows since when
      "1, 2, -5, GOOD"})  // the owner's clock is ahead
  void believesTheOwnerSinceWhenItHasWhatTheCopyLacks(long copy, long owner, int minutesAgo, Verdict verdict) {
    compare(new Difference("1", "a", copy, owner, now.get().minus(Duration.ofMinutes(minutesAgo))));
    assertThat(staleness.verdict()).isEqualTo(verdict);
  }

  @Test
  void knowsNothingWhenItWasNotComparedForLongerThanAllowed() {
    later(60);
    assertThat(staleness.verdict()).isEqualTo(Verdict.GOOD);
    later(1);
    assertThat(staleness.verdict()).isEqualTo(Verdict.UNKNOWN);
    compare(difference("a", 0, 1));
    assertThat(staleness.verdict()).isEqualTo(Verdict.GOOD);
    later(61);
    assertThat(staleness.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(staleness.unseen()).isEqualTo(Duration.ofMinutes(61));
    assertThat(staleness.oldest()).isZero();
  }

  /** The one that began first ends last, with what is not true any more. */
  @Test
  void keepsTheResultOfTheComparisonThatBeganLast() throws InterruptedException {
    var asked = new CountDownLatch(1);
    var letGo = new CountDownLatch(1);
    differences.set(() -> {
      asked.countDown();
      await(letGo);
      return List.of(difference("a", 0, 1));
    });
    var slow = CompletableFuture.runAsync(staleness::compare);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    compare();
    letGo.countDown();
    slow.join();
    assertThat(staleness.stale()).isZero();
    assertThat(staleness.healable()).isEmpty();
  }

  private void compare(Difference... found) {
    differences.set(() -> List.of(found));
    staleness.compare();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void later(int minutes) {
    now.updateAndGet(before -> before.plus(Duration.ofMinutes(minutes)));
  }

  private static Difference difference(String copied, long version, long ownerVersion) {
    return new Difference("1", copied, version, ownerVersion, null);
  }
}
