package shop.users;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jmolecules.ddd.annotation.ValueObject;

/** The identity of a user: the key of the account, the same wherever the account lives. */
@ValueObject
public record UserId(@JsonValue long value) {

  /** Creates an identity from its number. */
  @JsonCreator
  public UserId {}

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
