package dev.banyan.proxy;

import dev.banyan.proxy.feed.ControlAddress;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.serve.ServeSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All settings of a proxy.
 *
 * @param id the proxy's name in the control tables
 * @param serve how requests are served
 * @param maxHeld most writes that wait at a time, over all modules
 * @param maxHeldBytes most bytes of the bodies of writes that wait, over all modules
 * @param control where the control tables are; empty for a proxy without
 * @param staticModules routes from a file
 * @param adminHost the address of the administrator's server
 * @param adminPort its port, 0 for any; empty for none
 * @param environment what may ask for traces: variables of OpenTelemetry
 */
public record ProxySettings(String id, ServeSettings serve, int maxHeld, long maxHeldBytes,
    Optional<ControlAddress> control, List<ModuleState> staticModules, String adminHost, OptionalInt adminPort,
    Map<String, String> environment) {}
