package dev.banyan.move.database;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Which rows a publication carries, where a plan moves but some. PostgreSQL prints a filter in its own words, so they are
 * noted as the publication's comment when it is made; another filter reads otherwise.
 */
public final class PublishedRows {

  private static final String NOTE = "Banyan publishes the rows where ";
  // As JSON, because the filter is a column of newer servers only.
  private static final String PUBLISHED = """
      select format('%I.%I: %s', schemaname, tablename, to_jsonb(t) ->> 'rowfilter') from pg_publication_tables t
      where pubname = ? and to_jsonb(t) ->> 'rowfilter' is not null order by schemaname, tablename""";
  private static final String NOTED = "select obj_description(oid, 'pg_publication') from pg_publication where pubname = ?";

  private final String publication;

  /** Creates it for a publication, by its name. */
  public PublishedRows(String publication) {
    this.publication = publication;
  }

  /** Notes what the publication carries now. */
  public void note(Handle handle) {
    handle.execute("comment on publication %s is %s".formatted(Sql.identifier(publication), Sql.literal(NOTE + published(handle))));
  }

  /** Tells whether it carries others than were noted; not so where nothing was, by an earlier version or because somebody has taken it away. */
  public boolean areOthers(Handle handle) {
    Optional<String> noted = handle.createQuery(NOTED).bind(0, publication).mapTo(String.class).stream().filter(Objects::nonNull)
        .filter(comment -> comment.startsWith(NOTE)).findFirst();
    return noted.isPresent() && !noted.get().equals(NOTE + published(handle));
  }

  private String published(Handle handle) {
    List<String> filters = handle.createQuery(PUBLISHED).bind(0, publication).mapTo(String.class).list();
    return String.join(", ", filters);
  }
}
