package shop.users;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Table {@code users.outbox}: an event is kept if and only if the change that it tells of is. */
@Repository
class Outbox {

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final Duration kept;

  Outbox(JdbcClient jdbc, JsonMapper json, JsonParameter parameter, @Value("${shop.outbox.kept:30d}") Duration kept) {
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.kept = kept;
  }

  @Transactional(propagation = Propagation.MANDATORY)
  void updated(User user) {
    jdbc.sql("insert into users.outbox (type, user_id, revision, payload) values ('UserUpdated', :user, :revision, %s)"
            .formatted(parameter.named("payload")))
        .param("user", user.id().value()).param("revision", user.revision())
        .param("payload", json.createObjectNode().put("name", user.name()).toString())
        .update();
  }

  /** Returns the events behind a cursor, in an order in which none is ever inserted before one that was returned. */
  List<UserEvent> after(Cursor cursor, int limit) {
    return jdbc.sql("""
            select txid, position, type, user_id, revision, payload, at from users.feed
            where (txid, position) > (:txid, :position)
            order by txid, position limit :limit""")
        .param("txid", cursor.txid()).param("position", cursor.position()).param("limit", limit)
        .query(this::event).list();
  }

  @Scheduled(fixedDelayString = "1h", initialDelayString = "1m")
  void forgetOld() {
    jdbc.sql("delete from users.outbox where at < :before")
        .param("before", OffsetDateTime.now(ZoneOffset.UTC).minus(kept)).update();
  }

  private UserEvent event(ResultSet row, int number) throws SQLException {
    return new UserEvent(new Cursor(row.getLong("txid"), row.getLong("position")).toString(), row.getString("type"),
        new UserId(row.getLong("user_id")), json.readTree(row.getString("payload")).path("name").asString(),
        row.getLong("revision"), row.getObject("at", OffsetDateTime.class).toInstant());
  }
}
