package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import java.util.List;
import java.util.Optional;

/**
 * How much the monolith's former tables are used since the service owns them. The stream back and verification use them
 * as well, and no statistics tell them apart; that nobody does is {@linkplain QuietWatch watched} when both stand still.
 */
public final class FormerUse {

  private static final String NOTED = "former-tables.use";

  private final Workspace space;

  /** Creates it for one plan. */
  public FormerUse(Workspace space) {
    this.space = space;
  }

  /** Notes the count from which on use is use after the switch of writes, once for each, and when all have told of what was before. */
  void note(Extraction record) {
    if (record.phase() == Phase.WRITES_SWITCHED && isEverythingTold(record) && noted().isEmpty()) {
      space.control().record(record, NOTED, TableUse.of(space).asMap());
    }
  }

  private boolean isEverythingTold(Extraction record) {
    return space.control().sinceDecided(record.module()).filter(owned -> owned.compareTo(QuietWatch.REPORTED_WITHIN) > 0).isPresent();
  }

  /** Says how much it was; empty where the switch of writes was a moment ago, or the server has begun to count anew. */
  public Optional<String> told() {
    return sinceTheSwitch().map(use -> ("Since the switch of writes PostgreSQL has counted %s on the monolith's former tables;"
        + " the stream back and verification are among them.").formatted(use));
  }

  /** Returns how much it was; empty in the same cases. */
  Optional<TableUse> sinceTheSwitch() {
    return noted().map(TableUse.of(space)::since).filter(use -> !use.isBegunAnew());
  }

  private Optional<TableUse> noted() {
    return count("reads").flatMap(reads -> count("writes").map(writes -> new TableUse(reads, writes)));
  }

  private Optional<Long> count(String what) {
    return space.control().detailOfLast(space.module(), NOTED, what, List.of("switch.decided")).map(Long::valueOf);
  }
}
