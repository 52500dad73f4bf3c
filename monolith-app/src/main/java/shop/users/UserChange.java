package shop.users;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import org.jmolecules.ddd.annotation.ValueObject;
import org.jspecify.annotations.Nullable;
import shop.http.Modest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a user that an update replaces. A field that is null stays as it is; phone and bio are cleared by an
 * empty {@code Optional}, which is JSON's explicit {@code null}.
 *
 * @param person the name in two parts, if that is how it was given
 */
@ValueObject
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserChange(
    @NotBlank @Size(max = 200) String name,
    @JsonIgnore @Nullable PersonName person,
    @Nullable @Email @Size(min = 3, max = 320) String email,
    @Nullable Optional<@Size(max = 50) String> phone,
    @Nullable Optional<@Size(max = 100_000) String> bio,
    @Nullable @Modest(levels = 100, characters = 100_000) ObjectNode preferences) {

  /** Reads a change; only nodes tell a field that is absent from one that is null. */
  @JsonCreator
  static UserChange of(
      @JsonProperty("name") String name,
      @JsonProperty("email") @Nullable String email,
      @JsonProperty("phone") @Nullable JsonNode phone,
      @JsonProperty("bio") @Nullable JsonNode bio,
      @JsonProperty("preferences") @Nullable ObjectNode preferences) {
    return new UserChange(name, null, email, replacement(phone), replacement(bio), preferences);
  }

  /** Returns a change of the name alone. */
  public static UserChange ofName(String name) {
    return new UserChange(name, null, null, null, null, null);
  }

  static @Nullable Optional<String> replacement(@Nullable JsonNode node) {
    if (node == null) {
      return null;
    }
    return node.isNull() ? Optional.empty() : Optional.of(node.asString());
  }
}
