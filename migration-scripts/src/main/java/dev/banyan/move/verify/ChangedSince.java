package dev.banyan.move.verify;

import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the keys that have changed in one table since its certificate.
 *
 * @param table its name in the monolith
 * @param keys how many were written down, one that changed often more than once
 * @param unprovable why comparing them would not prove that all rows are equal; empty where it would
 * @param suspect whether that reason is one to believe that they are not equal
 */
public record ChangedSince(String table, long keys, Optional<String> unprovable, boolean suspect) {

  private ChangedSince(String table, long keys, Optional<String> unprovable) {
    this(table, keys, unprovable, false);
  }

  private static ChangedSince suspect(String table, long keys, String reason) {
    return new ChangedSince(table, keys, Optional.of(reason), true);
  }

  /** Returns what is known of each table of a move whose {@code owner} is followed now. */
  public static List<ChangedSince> of(Link link, Owner owner, Map<String, Optional<TableCertificate>> certificates) {
    try {
      return BothSides.ask(() -> Side.of(link, owner), () -> Side.of(link, owner.other()), (owning, following) -> {
        Map<String, String> shapes = owner == Owner.MONOLITH ? Shapes.joined(link, owning.shapes(), following.shapes())
            : Shapes.joined(link, following.shapes(), owning.shapes());
        List<ChangedSince> all = new ArrayList<>();
        certificates.forEach((table, certificate) -> all.add(of(table, certificate,
            Optional.ofNullable(following.sets().get(table)), Optional.ofNullable(owning.sets().get(table)))
            .requiringShape(certificate, Optional.ofNullable(shapes.get(table)))));
        return all;
      });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Side(List<String> shapes, Map<String, KeySet> sets) {

    static Side of(Link link, Owner side) {
      return new Side(Shapes.of(link, side), new KeySets(link).on(side));
    }
  }

  private static ChangedSince of(String table, Optional<TableCertificate> certificate, Optional<KeySet> following,
      Optional<KeySet> owning) {
    if (certificate.isEmpty()) {
      return new ChangedSince(table, 0, Optional.of("it has no certificate"));
    }
    Optional<KeySet> current = following.filter(set -> set.continues(certificate.get().series()));
    Optional<KeySet> earlier = owning.filter(set -> set.continues(certificate.get().series()));
    long keys = current.map(KeySet::keys).orElse(0L) + earlier.map(KeySet::keys).orElse(0L);
    if (!certificate.get().equal()) {
      return suspect(table, keys, "both sides differed");
    }
    return new ChangedSince(table, keys, current.isEmpty()
        ? Optional.of("the keys that have changed since are not known")
        : current.get().lost().or(() -> earlier.flatMap(KeySet::lost)));
  }

  /** Nothing is said of the shape of a table that one side has no more; the check says that it is gone. */
  private ChangedSince requiringShape(Optional<TableCertificate> certificate, Optional<String> now) {
    boolean same = certificate.isEmpty() || now.isEmpty() || certificate.get().shape().equals(now.get());
    return same || suspect ? this
        : suspect(table, keys, unprovable.orElse("the table, its partitions or its publication have been changed since"));
  }
}
