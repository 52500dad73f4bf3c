package dev.banyan.move.mover;

import dev.banyan.control.Certificates;
import dev.banyan.control.ControlPlane;
import dev.banyan.control.Differences;
import dev.banyan.control.Intents;
import dev.banyan.control.Pauses;
import dev.banyan.control.Progress;
import dev.banyan.control.Proxies;
import dev.banyan.move.check.Checker;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.plan.Plan;
import java.util.List;

/** A plan with its two databases opened, and what is kept in them. */
public final class Workspace implements AutoCloseable {

  private final Plan plan;
  private final Database monolith;
  private final Database service;
  private final ControlPlane control;

  /** Opens the databases of a plan; nothing is connected to before the first use. */
  public Workspace(Plan plan) {
    this.plan = plan;
    this.monolith = new Database(plan.monolith().database());
    this.service = new Database(plan.service().database());
    this.control = new ControlPlane(monolith.jdbi(), actor());
  }

  /** Returns who acts: the user of this process. */
  public static String actor() {
    return System.getProperty("user.name", "unknown");
  }

  /** Returns the plan. */
  public Plan plan() {
    return plan;
  }

  /** Returns the module's name. */
  public String module() {
    return plan.module();
  }

  /** Returns the monolith's database. */
  public Database monolith() {
    return monolith;
  }

  /** Returns the service's database. */
  public Database service() {
    return service;
  }

  /** Returns what looks for obstacles of the plan. */
  public Checker checker() {
    return new Checker(plan, monolith, service);
  }

  /** Returns the two databases with the tables that both of them have; asks their catalogs. */
  public Link link() {
    return link(checker().tables());
  }

  /** Returns the two databases with tables that are known already. */
  Link link(List<MovedTable> tables) {
    return new Link(module(), monolith, service, tables);
  }

  /** Returns the extraction records. */
  public ControlPlane control() {
    return control;
  }

  /** Returns what users ask of the mover. */
  public Intents intents() {
    return new Intents(monolith.jdbi());
  }

  /** Returns how far the move has come. */
  public Progress progress() {
    return new Progress(monolith.jdbi());
  }

  /** Returns what was proven of the tables. */
  public Certificates certificates() {
    return new Certificates(monolith.jdbi());
  }

  /** Returns the rows that differed, where somebody asked for them. */
  public Differences differences() {
    return new Differences(monolith.jdbi());
  }

  /** Returns which moves are paused. */
  public Pauses pauses() {
    return new Pauses(monolith.jdbi(), actor());
  }

  /** Returns the proxies. */
  public Proxies proxies() {
    return new Proxies(monolith.jdbi());
  }

  @Override
  public void close() {
    monolith.close();
    service.close();
  }
}
