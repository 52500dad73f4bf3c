package dev.banyan.proxy.serve;

import dev.banyan.proxy.route.Origin;
import java.time.Duration;

/**
 * How requests are served.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any
 * @param monolith where everything goes that no module claims
 * @param eventLoops how many threads serve
 * @param originConnections most connections to one origin, over all threads
 * @param originTimeout how long a connection to an origin may be silent while a request is under way
 * @param trustForwarded whether to keep what an earlier proxy said of the client
 */
public record ServeSettings(String host, int port, Origin monolith, int eventLoops, int originConnections,
    Duration originTimeout, boolean trustForwarded) {}
