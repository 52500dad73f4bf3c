package shop.inventory;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jmolecules.ddd.annotation.ValueObject;

/** The identity of a product: its stock keeping unit, 1 to 40 characters. */
@ValueObject
public record Sku(@JsonValue String value) {

  /** Creates an identity from its text. */
  @JsonCreator
  public Sku {
    if (value.isBlank() || value.length() > 40) {
      throw new IllegalArgumentException("A SKU has 1 to 40 characters, not '%s'".formatted(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
