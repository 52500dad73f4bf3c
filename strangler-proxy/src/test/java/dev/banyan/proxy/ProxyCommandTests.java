package dev.banyan.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ProxyCommandTests {

  private final ProxyCommand command = new ProxyCommand(Map.of(ProxyCommand.PASSWORD, "secret"));

  @Test
  void readsItsSettings() {
    new CommandLine(command).parseArgs("--monolith", "http://localhost:8081", "--control-url", "jdbc:postgresql://db/shop",
        "--max-held", "5", "--max-held-bytes", "4096", "--id", "one");

    ProxySettings settings = command.settings().orElseThrow();

    assertThat(settings.id()).isEqualTo("one");
    assertThat(settings.maxHeld()).isEqualTo(5);
    assertThat(settings.maxHeldBytes()).isEqualTo(4096);
    assertThat(settings.serve().monolith()).hasToString("http://localhost:8081");
    assertThat(settings.adminPort()).isEmpty();
    assertThat(settings.control()).hasValueSatisfying(control -> {
      assertThat(control.user()).isEqualTo("banyan");
      assertThat(control.toString()).doesNotContain("secret");
    });
  }

  @Test
  void refusesAllWrongSettingsAtOnce() {
    var errors = new StringWriter();
    int exit = new CommandLine(new ProxyCommand(Map.of())).setErr(new PrintWriter(errors))
        .execute("--port", "99999", "--max-held", "-1", "--max-held-bytes", "-1", "--control-url", "shop", "--routes", "none.yml");

    assertThat(exit).isEqualTo(2);
    assertThat(errors.toString()).contains("--port 99999", "--max-held -1", "--max-held-bytes -1", "--monolith is missing", "--control-url: write",
        "environment variable BANYAN_CONTROL_PASSWORD", "none.yml: cannot be read");
  }
}
