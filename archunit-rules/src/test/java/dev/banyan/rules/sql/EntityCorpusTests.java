package dev.banyan.rules.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries over the entities of a shop, each with those that it touches, as a person reads it. */
class EntityCorpusTests {

  private static final Map<String, EntityPaths.Attribute> ATTRIBUTES = Map.of(
      "Order.customer", one("Customer"), "Order.lines", many("Line"), "Line.product", one("Product"), "Line.order", one("Order"),
      "Customer.account", one("Account"), "Customer.address", one("Address"));

  private static final EntityPaths SHOP = new EntityPaths() {

    @Override
    public Optional<Attribute> attribute(String entity, String name) {
      return Optional.ofNullable(ATTRIBUTES.get(entity.replace("shop.", "") + "." + name));
    }

    @Override
    public boolean isIdentifier(String entity, String name) {
      return name.equals("id");
    }
  };

  private static EntityPaths.Attribute one(String entity) {
    return new EntityPaths.Attribute(entity, EntityPaths.Kind.ONE);
  }

  private static EntityPaths.Attribute many(String entity) {
    return new EntityPaths.Attribute(entity, EntityPaths.Kind.MANY);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void findsTheEntitiesOfAQueryAndNoOthers(String expected, String query) {
    assertThat(EntityQueryReader.read(query, SHOP).stream()
        .map(use -> use.access().name().charAt(0) + " " + use.name().replace("shop.", "")).distinct().sorted())
        .containsExactlyElementsOf(Stream.of(expected.split(", ")).sorted().toList());
  }

  @Test
  void followsNoPathWhereNothingIsKnownOfTheEntities() {
    assertThat(EntityQueryReader.read("select o.customer.name from Order o join o.lines l where l.product.name = 'x'"))
        .containsExactly(new EntityUse("Order", Access.READ));
  }

  static Stream<String[]> samples() throws IOException {
    try (InputStream stream = Objects.requireNonNull(EntityCorpusTests.class.getResourceAsStream("/corpus/entity-queries.txt"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split(" \\| ", 2))
          .collect(Collectors.toList()).stream();
    }
  }
}
