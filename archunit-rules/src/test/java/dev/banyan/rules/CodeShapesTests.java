package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Classes in the shapes of real code bases, over what Spring, JPA, MyBatis, jOOQ, Jdbi and Querydsl offer, each with the accesses that
 * a person finds in it. One compilation for all.
 */
class CodeShapesTests {

  private static final double LEAST = 0.97;
  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users], default-schema: users }
      """);
  private static final String IMPORTS = "import java.util.*; import jakarta.persistence.*; import org.springframework.jdbc.core.*; import org.springframework.jdbc.core.namedparam.*;"
      + " import org.springframework.data.jpa.repository.*; import org.springframework.data.jpa.repository.Query; import org.springframework.data.jpa.domain.*; import org.apache.ibatis.annotations.*; import shop.orders.Order;\n";

  private record Shape(String name, Set<String> expected, String body) {}

  @TempDir
  private Path folder;

  @Test
  void areReadAsAPersonReadsThem() throws IOException {
    List<Shape> shapes = new ArrayList<>();
    CompiledShop shop = new CompiledShop(folder);
    for (String section : text().split("(?m)^=== ")) {
      String head = section.lines().findFirst().orElse("");
      String body = section.substring(Math.min(section.length(), head.length() + 1));
      if (head.startsWith("library ") || head.startsWith("module ")) {
        String name = head.substring(head.indexOf(' ') + 1).strip();
        shop.withSource(name.replace('.', '/'), "package %s; %s".formatted(name.substring(0, name.lastIndexOf('.')), body));
      } else if (head.startsWith("shape ")) {
        String[] parts = head.substring(6).split(" \\| ");
        shapes.add(new Shape(parts[0], parts[1].equals("none") ? Set.of() : Set.of(parts[1].split("; ")), body));
        shop.withSource("shop/orders/Shape" + shapes.size(), "package shop.orders; %s public class Shape%d {\n%s }".formatted(IMPORTS, shapes.size(), body));
      }
    }
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    int right = 0;
    int expected = 0;
    int all = 0;
    for (int i = 0; i < shapes.size(); i++) {
      Set<String> found = found(scan, "shop.orders.Shape" + (i + 1));
      Set<String> wanted = shapes.get(i).expected();
      right += (int) found.stream().filter(wanted::contains).count();
      expected += wanted.size();
      all += found.size();
      if (!found.equals(wanted)) {
        System.out.println("%s: expected %s, found %s".formatted(shapes.get(i).name(), wanted, found));
      }
    }
    System.out.println(String.format(Locale.ROOT, "Shapes: %d, %d accesses; recall %.4f, precision %.4f", shapes.size(), expected, right / (double) expected, right / (double) all));
    assertThat(right / (double) expected).isGreaterThanOrEqualTo(LEAST);
    assertThat(right / (double) all).isGreaterThanOrEqualTo(LEAST);
  }

  private static Set<String> found(SchemaScan scan, String type) {
    return scan.violations().stream().filter(finding -> finding.location().matches(type + "\\D.*"))
        .map(finding -> finding.verb() + " " + finding.table()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text() throws IOException {
    try (InputStream stream = Objects.requireNonNull(CodeShapesTests.class.getResourceAsStream("/shapes/shapes.txt"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
