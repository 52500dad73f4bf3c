package dev.banyan.proxy.feed;

import java.time.Duration;
import java.util.Optional;

/**
 * How the feed is.
 *
 * @param connected whether the last attempt to read succeeded
 * @param age since the last successful read; empty if there was none
 * @param problem what the last failure said; empty while connected
 */
public record FeedStatus(boolean connected, Optional<Duration> age, Optional<String> problem) {}
