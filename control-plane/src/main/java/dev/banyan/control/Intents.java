package dev.banyan.control;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What users ask of the mover: written by a command, carried out by the mover, followed by the command until it ends. */
public final class Intents {

  /** What can be asked. */
  public enum Kind { VERIFY, SWITCH_READS, SWITCH_WRITES, ROLLBACK, COMPLETE, CANCEL }

  /** How far an intent has come. */
  public enum State {
    /** Nobody has begun it. */
    REQUESTED,
    /** The mover carries it out. */
    RUNNING,
    /** Carried out. */
    DONE,
    /** Not carried out, for the reasons in the outcome; nothing has changed. */
    REFUSED,
    /** Not carried out because something broke; nothing has changed. */
    FAILED;

    /** Tells whether nothing more will happen. */
    public boolean isEnded() {
      return this == DONE || this == REFUSED || this == FAILED;
    }
  }

  /** One intent; argument and outcome are JSON objects. */
  public record Intent(long id, String module, Kind kind, Map<String, Object> argument, State state,
      Map<String, Object> outcome) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COLUMNS = "select id, module, kind, argument::text, state, outcome::text from banyan.intent ";

  private static final Duration FORGOTTEN_AFTER = Progress.MOVER_SEEN_WITHIN.multipliedBy(2);

  private final Jdbi monolith;

  /** Creates the access to the intents kept in a monolith's database. */
  public Intents(Jdbi monolith) {
    this.monolith = monolith;
  }

  /** Asks for something; empty where another intent of the module is still open. */
  public Optional<Long> request(String module, Kind kind, Map<String, ?> argument, String actor) {
    return monolith.inTransaction(handle -> {
      Optional<Long> id = handle.createQuery("""
              insert into banyan.intent (module, kind, argument, requested_by) values (?, ?, cast(? as jsonb), ?)
              on conflict (module) where state in ('REQUESTED', 'RUNNING') do nothing returning id""")
          .bind(0, module).bind(1, kind.name()).bind(2, Journal.json(argument)).bind(3, actor)
          .mapTo(Long.class).findOne();
      handle.createQuery("select pg_notify('banyan', ?)").bind(0, module).mapTo(String.class).one();
      return id;
    });
  }

  /** Takes the intent back if nobody has begun it; tells whether it did. */
  public boolean withdraw(long id) {
    return monolith.withHandle(handle -> handle.execute("""
        update banyan.intent set state = 'REFUSED', outcome = '{"message": "withdrawn"}', ended_at = clock_timestamp()
        where id = ? and state = 'REQUESTED'""", id)) == 1;
  }

  /**
   * Takes back what nobody waits for: whoever asks takes it back by themselves where no mover is seen, unless they were
   * broken off.
   */
  public void withdrawForgotten(String module) {
    monolith.useTransaction(handle -> {
      int forgotten = handle.execute("""
          update banyan.intent set state = 'REFUSED', ended_at = clock_timestamp(),
            outcome = '{"message": "It was asked for before the mover was started, and not begun. Ask again."}'
          where module = ? and state = 'REQUESTED' and requested_at < clock_timestamp() - ? * interval '1 ms'""",
          module, FORGOTTEN_AFTER.toMillis());
      if (forgotten > 0) {
        announce(handle, module);
      }
    });
  }

  /** Returns an intent by its number. */
  public Intent get(long id) {
    return monolith.withHandle(handle -> map(handle.createQuery(COLUMNS + "where id = :id").bind("id", id)).orElseThrow());
  }

  /** Returns the intent of a module that is requested or running. */
  public Optional<Intent> open(String module) {
    return monolith.withHandle(handle -> map(handle.createQuery(
        COLUMNS + "where module = :module and state in ('REQUESTED', 'RUNNING')").bind("module", module)));
  }

  /** Marks an intent as being carried out; false where it was withdrawn meanwhile. */
  public boolean begin(Intent intent) {
    return monolith.withHandle(handle -> handle.execute(
        "update banyan.intent set state = 'RUNNING' where id = ? and state = 'REQUESTED'", intent.id())) == 1;
  }

  /** Says how far an intent has come. */
  public void tell(long id, String progress) {
    monolith.useHandle(handle -> handle.execute("update banyan.intent set progress = ? where id = ?", progress, id));
  }

  /** Returns how far an intent has come, where that was said. */
  public Optional<String> progress(long id) {
    return monolith.withHandle(handle -> handle.createQuery("select progress from banyan.intent where id = ? and progress is not null")
        .bind(0, id).mapTo(String.class).findOne());
  }

  /** Ends an intent with its outcome. */
  public void end(Intent intent, State state, Map<String, ?> outcome) {
    monolith.useTransaction(handle -> {
      handle.execute("""
          update banyan.intent set state = ?, outcome = cast(? as json), ended_at = clock_timestamp()
          where id = ? and state in ('REQUESTED', 'RUNNING')""", state.name(), Journal.json(outcome), intent.id());
      announce(handle, intent.module());
    });
  }

  private static void announce(Handle handle, String module) {
    handle.createQuery("select pg_notify('banyan', ?)").bind(0, module).mapTo(String.class).one();
  }

  private static Optional<Intent> map(org.jdbi.v3.core.statement.Query query) {
    return query.map((row, context) -> new Intent(row.getLong(1), row.getString(2), Kind.valueOf(row.getString(3)),
        object(row.getString(4)), State.valueOf(row.getString(5)), object(row.getString(6)))).findOne();
  }

  private static Map<String, Object> object(String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
