/** What traces leave out. The rest is Spring Boot's, switched on by OpenTelemetry's own variables. */
@ApplicationModule(displayName = "Telemetry")
@NullMarked
package shop.telemetry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
