package dev.banyan.control;

import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The proxies that are alive, and which route version each of them has put in force. */
public final class Proxies {

  /** A proxy that was not seen for this long does not count as alive. */
  public static final Duration SEEN_WITHIN = Duration.ofSeconds(5);

  private final Jdbi monolith;

  /** Creates the access to the proxies' rows in a monolith's database. */
  public Proxies(Jdbi monolith) {
    this.monolith = monolith;
  }

  /** Returns the number of proxies that are alive. */
  public int alive() {
    return monolith.withHandle(handle -> handle.createQuery(
            "select count(*) from banyan.proxy where seen_at > clock_timestamp() - :within * interval '1 ms'")
        .bind("within", SEEN_WITHIN.toMillis()).mapTo(Integer.class).one());
  }

  /** Returns the proxies that were seen within the last hour and are not alive, each with how long ago that was. */
  public List<String> missing() {
    return monolith.withHandle(handle -> handle.createQuery("""
            select format('%s, last seen %s s ago', id, round(extract(epoch from clock_timestamp() - seen_at)))
            from banyan.proxy where seen_at between clock_timestamp() - interval '1 hour' and clock_timestamp() - :within * interval '1 ms'
            order by id""")
        .bind("within", SEEN_WITHIN.toMillis()).mapTo(String.class).list());
  }

  /** Returns the live proxies that have not put this route version of the module in force. */
  public List<String> behind(String module, long routeVersion) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select p.id from banyan.proxy p
            left join banyan.proxy_acknowledgement a on a.proxy = p.id and a.module = :module
            where p.seen_at > clock_timestamp() - :within * interval '1 ms' and coalesce(a.route_version, -1) < :version
            order by p.id""")
        .bind("module", module).bind("within", SEEN_WITHIN.toMillis()).bind("version", routeVersion)
        .mapTo(String.class).list());
  }
}
