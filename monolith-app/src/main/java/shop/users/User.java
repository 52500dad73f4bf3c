package shop.users;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A user as the owner of the accounts saw it at one moment.
 *
 * @param revision counts the accepted updates; 0 after registration
 */
@AggregateRoot
public record User(
    @Identity UserId id,
    String email,
    String name,
    @Nullable String phone,
    @Nullable String bio,
    JsonNode preferences,
    long revision,
    Instant createdAt,
    Instant updatedAt) {

  /** Creates a user; another process may have told it. */
  public User {
    requireNonNull(id);
    requireNonNull(email);
    requireNonNull(name);
  }
}
