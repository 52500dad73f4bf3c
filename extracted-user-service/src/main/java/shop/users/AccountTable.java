package shop.users;

import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import shop.problems.Problem;
import shop.sql.JsonParameter;
import shop.sql.LikePattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Table {@code users.account}. */
@Repository
class AccountTable {

  private static final String SELECT =
      "select id, email, name, given_name, family_name, phone, bio, preferences, revision, created_at, updated_at from users.account ";

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;

  AccountTable(JdbcClient jdbc, JsonMapper json, JsonParameter parameter) {
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
  }

  Optional<User> find(UserId id) {
    return jdbc.sql(SELECT + "where id = :id").param("id", id.value()).query(this::user).optional();
  }

  /** Returns a user that nobody changes until the end of the transaction. */
  Optional<User> findAndLock(UserId id) {
    return jdbc.sql(SELECT + "where id = :id for update").param("id", id.value()).query(this::user).optional();
  }

  List<User> findAll(Collection<UserId> ids) {
    return ids.isEmpty() ? List.of() : jdbc.sql(SELECT + "where id in (:ids) order by id")
        .param("ids", ids.stream().map(UserId::value).toList())
        .query(this::user).list();
  }

  List<User> page(long after, int limit) {
    return jdbc.sql(SELECT + "where id > :after order by id limit :limit")
        .param("after", after).param("limit", limit)
        .query(this::user).list();
  }

  List<User> search(String namePrefix, int limit) {
    return jdbc.sql(SELECT + "where lower(name) like lower(:pattern) order by id limit :limit")
        .param("pattern", LikePattern.startingWith(namePrefix)).param("limit", limit)
        .query(this::user).list();
  }

  UserId insert(NewUser user) {
    var key = new GeneratedKeyHolder();
    var statement = jdbc.sql("""
            insert into users.account (email, name, given_name, family_name, phone, bio, preferences)
            values (:email, :name, :given, :family, :phone, :bio, %s)""".formatted(parameter.named("preferences")))
        .param("email", user.email()).param("name", user.name())
        .param("given", given(user.person())).param("family", family(user.person()))
        .param("phone", user.phone()).param("bio", user.bio())
        .param("preferences", user.preferences() == null ? "{}" : text(user.preferences()));
    refusingTakenEmail(user.email(), () -> statement.update(key, "id"));
    return new UserId(requireNonNull(key.getKeyAs(Long.class)));
  }

  /** Updates in one statement, so that each accepted update counts exactly once, however many run at a time. */
  boolean update(UserId id, UserChange change) {
    var statement = jdbc.sql("""
            update users.account set
              name = :name,
              given_name = coalesce(cast(:given as varchar), given_name),
              family_name = coalesce(cast(:family as varchar), family_name),
              email = coalesce(cast(:email as varchar), email),
              phone = case when :phoneGiven then cast(:phone as varchar) else phone end,
              bio = case when :bioGiven then cast(:bio as varchar) else bio end,
              preferences = case when :preferencesGiven then %s else preferences end,
              revision = revision + 1,
              updated_at = current_timestamp
            where id = :id""".formatted(parameter.named("preferences")))
        .param("id", id.value()).param("name", change.name()).param("email", change.email())
        .param("given", given(change.person())).param("family", family(change.person()))
        .param("phoneGiven", change.phone() != null).param("phone", orNull(change.phone()))
        .param("bioGiven", change.bio() != null).param("bio", orNull(change.bio()))
        .param("preferencesGiven", change.preferences() != null)
        .param("preferences", change.preferences() == null ? "{}" : text(change.preferences()));
    return refusingTakenEmail(String.valueOf(change.email()), statement::update) > 0;
  }

  void delete(UserId id) {
    jdbc.sql("delete from users.account where id = :id").param("id", id.value()).update();
  }

  private User user(ResultSet row, int number) throws SQLException {
    var name = row.getString("name");
    return new User(new UserId(row.getLong("id")), row.getString("email"), name,
        person(name, row.getString("given_name"), row.getString("family_name")),
        row.getString("phone"), row.getString("bio"), json.readTree(row.getString("preferences")),
        row.getLong("revision"), row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  /**
   * While both versions write, the whole name is what counts: whoever knows no parts writes nothing else, whether it is
   * version 1, an instance of an older release, or somebody with SQL. The parts count as long as they make up the whole.
   */
  private static PersonName person(String whole, @Nullable String given, @Nullable String family) {
    if (given != null && family != null && new PersonName(given, family).whole().equals(whole)) {
      return new PersonName(given, family);
    }
    return PersonName.split(whole);
  }

  private static @Nullable String given(@Nullable PersonName person) {
    return person == null ? null : person.given();
  }

  private static @Nullable String family(@Nullable PersonName person) {
    return person == null ? null : person.family();
  }

  private String text(JsonNode node) {
    return json.writeValueAsString(node);
  }

  private static @Nullable String orNull(@Nullable Optional<String> value) {
    return value == null ? null : value.orElse(null);
  }

  private static int refusingTakenEmail(String email, java.util.function.IntSupplier write) {
    try {
      return write.getAsInt();
    } catch (DuplicateKeyException e) {
      throw Problem.conflict("The e-mail address '%s' is taken.".formatted(email));
    }
  }
}
