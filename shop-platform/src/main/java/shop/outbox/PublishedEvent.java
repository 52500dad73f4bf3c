package shop.outbox;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An event as a feed tells it.
 *
 * @param cursor the place in the feed behind this event
 * @param id the same each time that the event is told, and of no other event
 * @param aggregate what it happened to
 * @param version the aggregate's version after it; tells what comes first, whichever process it was published by
 * @param at when the change was made
 */
public record PublishedEvent(
    String cursor, UUID id, String type, String aggregate, long version, JsonNode payload, Instant at) {}
