package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Switches and rollbacks that something goes wrong with, one after the other, under a load that writes to whichever side
 * lets it. After each: one side owns and accepts writes, nothing is held, and the mover goes on by itself. In the end
 * both sides are equal, and the answers of all the bookings are those of accounts in one place.
 */
final class SwitchTrials implements AutoCloseable {

  private final Move move;
  private final Accounts accounts;

  private SwitchTrials(Move move, Accounts accounts) {
    this.move = move;
    this.accounts = accounts;
  }

  /** What goes wrong with the switch, or rollback, that it asks for. */
  interface Trial {
    void happen() throws Exception;
  }

  /** Moves the accounts until they are in sync and proven, and lets so many threads book. */
  static SwitchTrials begin(Move move, int bookers) {
    move.onBoth(Accounts.TABLES).onMonolith(Accounts.FILL).start().awaitPhase(Phase.IN_SYNC);
    var trials = new SwitchTrials(move, new Accounts(move, bookers));
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
    return trials;
  }

  /** Lets something happen while {@code from} owns, and waits until it is settled with one of the possible owners. */
  void run(Object name, Owner from, List<Owner> possible, Trial trial) throws Exception {
    Owner owner = move.space.control().get(move.space.module()).owner();
    if (owner != from) {
      move.awaitDone(verb(owner));
    }
    long before = accounts.done();
    trial.happen();
    awaitSettled(name, possible);
    await("bookings after " + name).atMost(Duration.ofSeconds(30)).until(() -> accounts.done() > before + 10);
  }

  /** What takes the tables away from their owner. */
  static Kind verb(Owner from) {
    return from == Owner.MONOLITH ? Kind.SWITCH_WRITES : Kind.ROLLBACK;
  }

  /** Asks until a switch stands in front of the gate's step: what the fault before has left may cancel one, or have it refused. */
  void requestUntilReached(Owner from, StoppingGate gate) {
    await("a switch in front of its step; said: " + move.said).atMost(Duration.ofSeconds(120)).until(() -> {
      move.requireWell();
      if (!gate.isReached()) {
        move.space.intents().request(move.space.module(), verb(from), Map.of("unproven", true), "test");
      }
      return gate.isReached();
    });
  }

  private void awaitSettled(Object name, List<Owner> possible) {
    String module = move.space.module();
    await("settled after " + name).atMost(Duration.ofSeconds(120)).ignoreExceptions().untilAsserted(() -> {
      move.requireWell();
      assertThat(move.space.intents().open(module)).isEmpty();
      Extraction record = move.space.control().get(module);
      assertThat(record.held()).isFalse();
      assertThat(move.space.progress().mover(module).orElseThrow().state()).isEqualTo("streaming");
      assertThat(possible).contains(record.owner());
    });
  }

  /** Ends the bookings, and compares everything. */
  void assertNothingLostOrDoubled() throws InterruptedException {
    accounts.close();
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
    accounts.assertNothingLostOrDoubled();
  }

  @Override
  public void close() throws InterruptedException {
    accounts.close();
  }
}
