package shop.users;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import shop.http.Modest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A user as version 2 of the interface tells it: with a name in two parts. */
record UserV2(
    UserId id,
    String email,
    String givenName,
    String familyName,
    @Nullable String phone,
    @Nullable String bio,
    JsonNode preferences,
    long revision,
    Instant createdAt,
    Instant updatedAt) {

  static UserV2 of(User user) {
    return new UserV2(user.id(), user.email(), user.person().given(), user.person().family(), user.phone(), user.bio(),
        user.preferences(), user.revision(), user.createdAt(), user.updatedAt());
  }

  User toUser() {
    var person = new PersonName(givenName, familyName);
    return new User(id, email, person.whole(), person, phone, bio, preferences, revision, createdAt, updatedAt);
  }

  /** What a user registers with; the family name may be empty. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record New(
      @NotBlank @Email @Size(max = 320) String email,
      @NotBlank @Size(max = 100) String givenName,
      @NotNull @Size(max = 99) String familyName,
      @Nullable @Size(max = 50) String phone,
      @Nullable @Size(max = 100_000) String bio,
      @Nullable @Modest(levels = 100, characters = 100_000) ObjectNode preferences) {

    static New of(NewUser user, PersonName person) {
      return new New(user.email(), person.given(), person.family(), user.phone(), user.bio(), user.preferences());
    }

    NewUser toNewUser() {
      var person = new PersonName(givenName, familyName);
      return new NewUser(email, person.whole(), person, phone, bio, preferences);
    }
  }

  /** What replaces fields of a user; see {@link UserChange} for what is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(
      @NotBlank @Size(max = 100) String givenName,
      @NotNull @Size(max = 99) String familyName,
      @Nullable @Email @Size(min = 3, max = 320) String email,
      @Nullable Optional<@Size(max = 50) String> phone,
      @Nullable Optional<@Size(max = 100_000) String> bio,
      @Nullable @Modest(levels = 100, characters = 100_000) ObjectNode preferences) {

    /** Reads a change; only nodes tell a field that is absent from one that is null. */
    @JsonCreator
    static Change read(
        @JsonProperty("givenName") String givenName,
        @JsonProperty("familyName") String familyName,
        @JsonProperty("email") @Nullable String email,
        @JsonProperty("phone") @Nullable JsonNode phone,
        @JsonProperty("bio") @Nullable JsonNode bio,
        @JsonProperty("preferences") @Nullable ObjectNode preferences) {
      return new Change(givenName, familyName, email, UserChange.replacement(phone), UserChange.replacement(bio), preferences);
    }

    static Change of(UserChange change, PersonName person) {
      return new Change(person.given(), person.family(), change.email(), change.phone(), change.bio(), change.preferences());
    }

    UserChange toChange() {
      var person = new PersonName(givenName, familyName);
      return new UserChange(person.whole(), person, email, phone, bio, preferences);
    }
  }
}
