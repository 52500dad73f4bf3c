package dev.banyan.proxy.hold;

import static dev.banyan.proxy.Modules.module;
import static dev.banyan.proxy.Modules.users;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.hold.Switchboard.Position;
import dev.banyan.proxy.route.ModuleState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SwitchboardTests {

  private final AtomicInteger drained = new AtomicInteger();
  private final Switchboard switchboard = new Switchboard(new HoldBudget(10), System::nanoTime, drained::incrementAndGet);

  @Test
  void knowsNothingBeforeTheFirstWord() {
    assertThat(switchboard.position()).isEmpty();
    assertThat(switchboard.acknowledgeable()).isEmpty();
  }

  @Test
  void acknowledgesEachVersionOfTheControlTablesAndNoStaticOne() {
    switchboard.apply(List.of(users(7, false), module("orders", ModuleState.STATIC, Owner.SERVICE, 0, 0, false, "/orders/**")));

    assertThat(switchboard.acknowledgeable()).isEqualTo(Map.of("users", 7L));
  }

  @Test
  void keepsItsPositionWhileOnlyOwnerPercentageOrHoldChange() {
    switchboard.apply(List.of(users(1, false)));
    Position before = position();

    assertThat(switchboard.apply(List.of(users(2, true)))).isTrue();
    assertThat(switchboard.apply(List.of(users(2, true)))).isFalse();
    assertThat(position()).isSameAs(before);
  }

  @Test
  void acknowledgesAHoldOnlyWhenWritesOfAnOlderTableHaveEnded() {
    switchboard.apply(List.of());
    Position before = position();
    assertThat(before.enter()).isTrue();
    switchboard.apply(List.of(users(2, true)));

    assertThat(switchboard.acknowledgeable()).isEmpty();
    before.leave();
    assertThat(drained).hasValue(1);
    assertThat(switchboard.acknowledgeable()).isEqualTo(Map.of("users", 2L));
  }

  @Test
  void admitsNoMoreWritesByAnOlderTable() {
    switchboard.apply(List.of());
    Position before = position();
    switchboard.apply(List.of(users(2, false)));

    assertThat(before.enter()).isFalse();
    assertThat(position().enter()).isTrue();
  }

  @Test
  void endsTheHoldOfAModuleThatIsGone() {
    switchboard.apply(List.of(users(2, true)));
    Gate gate = position().gate("users");
    switchboard.apply(List.of());

    assertThat(gate.state().isHeld()).isFalse();
    assertThat(switchboard.views()).isEmpty();
  }

  private Position position() {
    return switchboard.position().orElseThrow();
  }
}
