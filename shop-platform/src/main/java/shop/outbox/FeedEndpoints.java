package shop.outbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** REST resources {@code /api/v1/<module>/events}: the outboxes of this process, for consumers in others. */
@Component
class FeedEndpoints {

  private static final Method READ = ClassUtils.getMethod(Endpoint.class, "read", String.class, int.class, String.class, String.class);

  private final ObjectProvider<RequestMappingHandlerMapping> mappings;

  private final ReaderTokens tokens;

  FeedEndpoints(ObjectProvider<RequestMappingHandlerMapping> mappings, ReaderTokens tokens) {
    this.mappings = mappings;
    this.tokens = tokens;
  }

  /** Serves an outbox, where this process serves anything. */
  void serve(Outbox outbox) {
    mappings.orderedStream().findFirst().ifPresent(mapping -> mapping.registerMapping(
        RequestMappingInfo.paths("/api/v1/%s/events".formatted(outbox.module())).methods(RequestMethod.GET)
            .options(mapping.getBuilderConfiguration()).build(),
        new Endpoint(outbox, tokens), READ));
  }

  /** The resource of one outbox. */
  @ResponseBody
  static final class Endpoint {

    private final Outbox outbox;
    private final ReaderTokens tokens;

    Endpoint(Outbox outbox, ReaderTokens tokens) {
      this.outbox = outbox;
      this.tokens = tokens;
    }

    /** Returns a page; {@code reader} is a declared one, who finds again what it has not read, and shows its token. */
    public EventFeed.Page read(
        @RequestParam(defaultValue = "") String after,
        @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit,
        @RequestParam(defaultValue = "") @Size(max = 100) String reader,
        @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization) {
      outbox.requireDeclared(reader);
      tokens.require(reader, authorization);
      return outbox.read(reader, after, limit);
    }
  }
}
