package shop.inbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.reflect.Method;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** REST resources {@code /api/v1/<module>/dead-letters}: to list, to look at, to send again, to discard. */
@Component
class DeadLetterEndpoints {

  private final ObjectProvider<RequestMappingHandlerMapping> mappings;

  DeadLetterEndpoints(ObjectProvider<RequestMappingHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  /** Serves the dead letters of a module, where this process serves anything. */
  void serve(String module, DeadLetters letters) {
    mappings.orderedStream().findFirst().ifPresent(mapping -> {
      var root = "/api/v1/%s/dead-letters".formatted(module);
      var endpoint = new Endpoint(letters);
      register(mapping, RequestMethod.GET, root, endpoint, method("list", int.class));
      register(mapping, RequestMethod.GET, root + "/{id}", endpoint, method("find", UUID.class));
      register(mapping, RequestMethod.POST, root + "/{id}/send-again", endpoint, method("sendAgain", UUID.class));
      register(mapping, RequestMethod.POST, root + "/{id}/discard", endpoint, method("discard", UUID.class));
    });
  }

  private static void register(RequestMappingHandlerMapping mapping, RequestMethod verb, String path, Endpoint endpoint, Method method) {
    mapping.registerMapping(
        RequestMappingInfo.paths(path).methods(verb).options(mapping.getBuilderConfiguration()).build(), endpoint, method);
  }

  private static Method method(String name, Class<?> parameter) {
    return ClassUtils.getMethod(Endpoint.class, name, parameter);
  }

  /** The resource of one module. */
  @ResponseBody
  static final class Endpoint {

    private final DeadLetters letters;

    Endpoint(DeadLetters letters) {
      this.letters = letters;
    }

    /** Lists dead letters, the oldest first. */
    public List<HeldEvent> list(@RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
      return letters.list(limit);
    }

    /** Returns a dead letter. */
    public HeldEvent find(@PathVariable UUID id) {
      return letters.find(id);
    }

    /** Lets an event be tried again. */
    @ResponseStatus(HttpStatus.ACCEPTED)
    public HeldEvent sendAgain(@PathVariable UUID id) {
      return letters.sendAgain(id);
    }

    /** Gives an event up. */
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void discard(@PathVariable UUID id) {
      letters.discard(id);
    }
  }
}
