package dev.banyan.control.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnerRecordTests {

  @Test
  void anUntouchedModuleIsTheMonoliths() {
    assertThat(Ownership.untouched("users")).isEqualTo(new Ownership("users", Owner.MONOLITH, 0, Optional.empty()));
    assertThat(Owner.MONOLITH.other()).isEqualTo(Owner.SERVICE);
    assertThat(Owner.SERVICE.word()).isEqualTo("service");
  }

  @Test
  void findsTheFenceAmongTheCauses() {
    assertThat(Fence.raised(new IllegalStateException(new SQLException("no", "ZB001")))).isTrue();
    assertThat(Fence.raised(new SQLException("no", "23505"))).isFalse();
    assertThat(Fence.raised(null)).isFalse();
  }
}
