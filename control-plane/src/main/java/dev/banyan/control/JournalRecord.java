package dev.banyan.control;

import java.time.Instant;

/**
 * One line of the journal.
 *
 * @param id grows in the order of writing
 * @param at when it was written, by the database's clock
 * @param epoch the epoch it was written under
 * @param actor who wrote it, as {@code user@host}
 * @param event what happened, in dotted words such as {@code switch.decided}
 * @param detail measured numbers, as a JSON object
 */
public record JournalRecord(long id, Instant at, long epoch, String actor, String event, String detail) {}
