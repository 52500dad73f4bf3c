package dev.banyan.move.stream;

import java.time.Duration;

/**
 * How far the other side is behind the owner.
 *
 * @param time from a commit on the owner to its commit on the other side, as last measured, or still growing
 * @param bytes of the owner's log that are not applied yet
 */
public record Lag(Duration time, long bytes) {}
