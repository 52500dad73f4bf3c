package shop.outbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Method;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** REST resources {@code /api/v1/<module>/events}: the outboxes of this process, for consumers in others. */
@Component
class FeedEndpoints {

  private static final Method READ = ClassUtils.getMethod(Endpoint.class, "read", String.class, int.class, String.class);

  private final ObjectProvider<RequestMappingHandlerMapping> mappings;

  FeedEndpoints(ObjectProvider<RequestMappingHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  /** Serves an outbox, where this process serves anything. */
  void serve(Outbox outbox) {
    mappings.orderedStream().findFirst().ifPresent(mapping -> mapping.registerMapping(
        RequestMappingInfo.paths("/api/v1/%s/events".formatted(outbox.module())).methods(RequestMethod.GET)
            .options(mapping.getBuilderConfiguration()).build(),
        new Endpoint(outbox), READ));
  }

  /** The resource of one outbox. */
  @ResponseBody
  static final class Endpoint {

    private final Outbox outbox;

    Endpoint(Outbox outbox) {
      this.outbox = outbox;
    }

    /** Returns a page; {@code reader} is a declared one, who finds again what it has not read. */
    public EventFeed.Page read(
        @RequestParam(defaultValue = "") String after,
        @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit,
        @RequestParam(defaultValue = "") @Size(max = 100) String reader) {
      return outbox.read(reader, after, limit);
    }
  }
}
