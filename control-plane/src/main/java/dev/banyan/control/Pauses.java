package dev.banyan.control;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Moves whose copy is to stand still. A pause is a fact that the mover obeys, not something asked of it: it can be said
 * while no mover runs, and a mover that is started finds it.
 */
public final class Pauses {

  private final Jdbi monolith;
  private final Journal journal;

  /** Creates the access to the pauses kept in a monolith's database. */
  public Pauses(Jdbi monolith, String actor) {
    this.monolith = monolith;
    this.journal = new Journal(actor);
  }

  /**
   * One pause.
   *
   * @param since when it was asked for, by the database's clock
   * @param actor who asked for it
   * @param inForce whether nothing is read for the copy any more
   */
  public record Pause(Instant since, String actor, boolean inForce) {}

  /** Pauses the copy; false where it is paused already. */
  public boolean begin(Extraction at, String actor) {
    return monolith.inTransaction(handle -> {
      boolean begun = handle.execute("insert into banyan.pause (module, actor) values (?, ?) on conflict do nothing",
          at.module(), actor) == 1;
      if (begun) {
        journal.write(handle, at, "paused", Map.of());
      }
      return begun;
    });
  }

  /** Lets the copy go on; false where it was not paused. */
  public boolean end(Extraction at) {
    return monolith.inTransaction(handle -> {
      boolean ended = forget(handle, at.module());
      if (ended) {
        journal.write(handle, at, "resumed", Map.of());
      }
      return ended;
    });
  }

  /** Says that nothing is read for the copy any more. */
  public void inForce(String module) {
    monolith.useHandle(handle -> handle.execute("update banyan.pause set in_force = true where module = ? and not in_force", module));
  }

  /** Says that there is nothing left to pause. */
  public void forget(String module) {
    monolith.useHandle(handle -> forget(handle, module));
  }

  private static boolean forget(Handle handle, String module) {
    return handle.execute("delete from banyan.pause where module = ?", module) == 1;
  }

  /** Returns the pause of a module, if its copy is paused. */
  public Optional<Pause> find(String module) {
    return monolith.withHandle(handle -> handle.createQuery("select since, actor, in_force from banyan.pause where module = ?")
        .bind(0, module)
        .map((row, context) -> new Pause(row.getTimestamp(1).toInstant(), row.getString(2), row.getBoolean(3)))
        .findOne());
  }
}
