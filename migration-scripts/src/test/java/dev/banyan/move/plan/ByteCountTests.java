package dev.banyan.move.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTests {

  @ParameterizedTest
  @CsvSource({"0B,0", "1kB,1024", "512MB,536870912", "10GB,10737418240", "2 TB,2199023255552"})
  void readsNumbersWithUnits(String text, long bytes) {
    assertThat(ByteCount.parse(text).bytes()).isEqualTo(bytes);
  }

  @Test
  void refusesANumberWithoutUnit() {
    assertThatThrownBy(() -> ByteCount.parse("10")).hasMessage("'10' is no size; write it like 512MB or 10GB");
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "2s,2000", "5m,300000", "24h,86400000", "1d,86400000"})
  void readsDurations(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"500,500ms", "2000,2s", "90000,90s", "300000,5m", "86400000,24h", "0,0ms"})
  void writesDurations(long millis, String text) {
    assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
  }
}
