package shop.users;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A user as the owner of the accounts saw it at one moment.
 *
 * @param name the whole name, as version 1 of the interface tells it
 * @param person the same in two parts, as version 2 tells it
 * @param revision counts the accepted updates; 0 after registration
 */
@AggregateRoot
public record User(
    @Identity UserId id,
    String email,
    String name,
    @JsonIgnore PersonName person,
    @Nullable String phone,
    @Nullable String bio,
    JsonNode preferences,
    long revision,
    Instant createdAt,
    Instant updatedAt) {

  /** Creates a user; where only the whole name was told, its parts are guessed. */
  public User {
    requireNonNull(id);
    requireNonNull(email);
    requireNonNull(name);
    person = person == null ? PersonName.split(name) : person;
  }
}
