package dev.banyan.rules.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A corpus of statements of four dialects, and of texts that only look like them, each with the tables it touches and
 * how, as a person reads it. A table with a wrong access counts as one that was missed and one too many.
 */
class CorpusTests {

  private static final double LEAST = 0.97;
  /** How labels tell functions and types from tables. */
  private static final String CALL = "()";
  private static final String TYPE = " (type)";
  private static final List<String> FILES = List.of("postgresql", "mysql", "oracle", "h2", "texts", "second-reading", "third-reading", "fourth-reading", "fifth-reading", "sixth-reading", "seventh-reading", "definitions");

  private record Sample(Set<String> expected, String text) {

    Set<String> found() {
      return SqlReader.read(text).map(Reading::uses).orElse(List.of()).stream().map(Sample::shown).collect(Collectors.toSet());
    }

    private static String shown(TableUse use) {
      String letter = Access.REFERENCE == use.access() ? "F" : use.access().name().substring(0, 1);
      return letter + " " + (use.table().isUnknown() ? "?" : use.table());
    }

    long right() {
      return found().stream().filter(expected::contains).count();
    }
  }

  private record Score(long right, long expected, long found) {

    double recall() {
      return expected == 0 ? 1 : (double) right / expected;
    }

    double precision() {
      return found == 0 ? 1 : (double) right / found;
    }

    static Score of(List<Sample> samples) {
      return new Score(samples.stream().mapToLong(Sample::right).sum(), samples.stream().mapToLong(s -> s.expected().size()).sum(),
          samples.stream().mapToLong(s -> s.found().size()).sum());
    }
  }

  @Test
  void findsTheTablesOfTheCorpusAndNoOthers() {
    List<Sample> all = FILES.stream().flatMap(file -> samples(file).stream()).toList();
    List<Sample> wrong = all.stream().filter(sample -> !sample.found().equals(sample.expected())).toList();
    Score score = Score.of(all);

    wrong.forEach(sample -> System.out.println("expected %s, found %s: %s".formatted(sample.expected(), sample.found(), sample.text())));
    System.out.println(String.format(Locale.ROOT, "Corpus: %d texts, %d accesses; recall %.4f, precision %.4f; %d texts read wrongly",
        all.size(), score.expected(), score.recall(), score.precision(), wrong.size()));
    assertThat(all).hasSizeGreaterThanOrEqualTo(400);
    assertThat(score.recall()).isGreaterThanOrEqualTo(LEAST);
    assertThat(score.precision()).isGreaterThanOrEqualTo(LEAST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mysql", "oracle", "h2", "second-reading", "third-reading", "fourth-reading", "fifth-reading", "sixth-reading", "seventh-reading", "definitions"})
  void doesSoInEveryDialect(String file) {
    Score score = Score.of(samples(file));

    assertThat(score.recall()).isGreaterThanOrEqualTo(LEAST);
    assertThat(score.precision()).isGreaterThanOrEqualTo(LEAST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mysql", "oracle", "h2", "second-reading", "third-reading", "fourth-reading", "fifth-reading", "sixth-reading", "seventh-reading", "definitions"})
  void takesEveryStatementForOne(String file) {
    assertThat(samples(file).stream().filter(sample -> !sample.expected().isEmpty()).map(Sample::text))
        .allSatisfy(text -> assertThat(SqlReader.read(text)).as(text).isPresent());
  }

  /** What is cut off anywhere is read as far as it goes. */
  @Test
  void failsOnNoPartOfAText() {
    for (String file : FILES) {
      for (Sample sample : samples(file)) {
        for (int end = 0; end < sample.text().length(); end += 3) {
          String text = sample.text().substring(0, end);
          assertThatCode(() -> SqlReader.readStatement(text, Optional.empty())).as(text).doesNotThrowAnyException();
          assertThatCode(() -> SqlReader.read(sample.text().substring(text.length()))).as(text).doesNotThrowAnyException();
          assertThatCode(() -> EntityQueryReader.read(text)).as(text).doesNotThrowAnyException();
        }
      }
    }
  }

  @Test
  void readsTextsOfAnyLength() {
    String literal = "insert into users.account values ('" + "it''s ".repeat(200_000) + "')";
    String nested = "select " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " from users.account";
    String list = "select * from users.account where id in (" + "?, ".repeat(50_000) + "?) /* " + "* ".repeat(100_000) + "*/";
    String quoted = "select * from users.account where name = \"" + "x\"\"".repeat(100_000) + "\" and b = $$" + "y".repeat(300_000) + "$$";

    for (String text : List.of(literal, nested, list, quoted)) {
      assertThat(SqlReader.read(text).orElseThrow().uses()).extracting(use -> use.table().toString()).containsExactly("users.account");
    }
    assertThat(SqlReader.read(nested).orElseThrow().understanding()).isEqualTo(Understanding.PART);
  }

  private static List<Sample> samples(String file) {
    try (InputStream stream = Objects.requireNonNull(CorpusTests.class.getResourceAsStream("/corpus/" + file + ".txt"))) {
      List<Sample> samples = new ArrayList<>();
      new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).forEach(line -> {
        String[] parts = line.split(" \\| ", 2);
        samples.add(new Sample(expected(parts[0].strip()), parts[1].replace("\\n", "\n")));
      });
      return samples;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> expected(String labels) {
    return labels.equals("-") || labels.equals("none") ? Set.of()
        : Arrays.stream(labels.split(", ")).map(CorpusTests::label).collect(Collectors.toSet());
  }

  private static String label(String label) {
    String name = label.substring(2);
    return label.substring(0, 2) + (name.equals("?") ? name : name.endsWith(CALL) ? TableName.routine(name.replace(CALL, ""))
        : name.endsWith(TYPE) ? TableName.type(name.replace(TYPE, "")) : TableName.parse(name));
  }
}
