package dev.banyan.control;

import dev.banyan.control.client.Owner;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The record of one extraction: the single source of truth for who owns the module and where its requests go.
 *
 * @param module the module's name in its plan
 * @param phase where the extraction stands
 * @param owner the side that accepts writes
 * @param epoch grows with each mover that takes over and with each change of owner
 * @param readsPercent share of reads that the service answers while the monolith owns, 0 to 100
 * @param routeVersion grows with each change of routing; proxies acknowledge it
 * @param held whether proxies keep the module's writes waiting
 * @param monolithUrl origin of the monolith; empty where only data moves
 * @param serviceUrl origin of the service; empty where only data moves
 * @param maxHold how long a proxy keeps one write waiting at most
 */
public record Extraction(String module, Phase phase, Owner owner, long epoch, int readsPercent, long routeVersion,
    boolean held, Optional<URI> monolithUrl, Optional<URI> serviceUrl, Duration maxHold) {}
