package shop.users;

import java.time.Instant;

/** An event as the feed tells it; with at-least-once delivery, the revision tells which is the latest of a user. */
record UserEvent(String cursor, String type, UserId userId, String name, long revision, Instant at) {}
