package shop.telemetry;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/** Leaves out what asks again and again whether there is anything new; a trace of each would bury all others. */
@Component
class Unobserved implements ObservationPredicate {

  @Override
  public boolean test(String name, Observation.Context context) {
    return !(context instanceof ServerRequestObservationContext request && isPoll(request.getCarrier()));
  }

  private static boolean isPoll(@Nullable HttpServletRequest request) {
    return request != null && (request.getRequestURI().startsWith("/actuator/") || request.getRequestURI().endsWith("/events"));
  }
}
