package shop.owner;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import shop.http.IfMatch;
import shop.problems.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the service of a module: with time-outs, behind a circuit breaker, and with bounded retries of what may be
 * repeated. What the service refuses comes out as the {@link Problem} that it reported.
 */
public final class ServiceClient {

  private final String module;
  private final RestClient http;
  private final JsonMapper json;
  private final CircuitBreaker breaker;
  private final Retry retry;

  ServiceClient(String module, RestClient.Builder http, JsonMapper json, ServiceSettings settings) {
    this.module = module;
    this.json = json;
    this.breaker = CircuitBreaker.of(module, CircuitBreakerConfig.custom()
        .slidingWindowSize(2 * settings.callsUntilBreak()).minimumNumberOfCalls(settings.callsUntilBreak()).failureRateThreshold(50)
        .waitDurationInOpenState(Duration.ofSeconds(1)).permittedNumberOfCallsInHalfOpenState(3)
        .recordException(ServiceClient::isFailure).build());
    this.retry = Retry.of(module, RetryConfig.custom()
        .maxAttempts(3).intervalFunction(IntervalFunction.ofExponentialRandomBackoff(50, 2))
        .retryOnException(ServiceClient::isFailure).build());
    this.http = http.requestFactory(requestFactory(settings))
        .defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
          throw problem(response);
        })
        .build();
  }

  /** Reads, up to three times. */
  public <T> T get(URI uri, Expected<T> expected) {
    return repeatedly(() -> understood(expected, () -> http.get().uri(uri).retrieve().body(expected.type())));
  }

  /** Reads what may not be there, up to three times. */
  public <T> Optional<T> find(URI uri, Expected<T> expected) {
    try {
      return Optional.of(get(uri, expected));
    } catch (Problem e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Reads by a POST whose body says what, up to three times. */
  public <T> T query(URI uri, Object body, Expected<T> expected) {
    return repeatedly(() -> exchange(HttpMethod.POST, uri, body, IfMatch.ANY, expected));
  }

  /** Sends a request once. */
  public <T> T send(HttpMethod method, URI uri, Object body, Expected<T> expected) {
    return send(method, uri, body, IfMatch.ANY, expected);
  }

  /** The same, on a precondition. */
  public <T> T send(HttpMethod method, URI uri, Object body, IfMatch ifMatch, Expected<T> expected) {
    return once(() -> exchange(method, uri, body, ifMatch, expected));
  }

  /** Sends a DELETE once, on a precondition; it is done when the service says that it has nothing to say, 204. */
  public void delete(URI uri, IfMatch ifMatch) {
    once(() -> {
      var answer = http.delete().uri(uri).headers(headers -> set(headers, ifMatch)).retrieve().toBodilessEntity();
      if (!answer.getStatusCode().isSameCodeAs(HttpStatus.NO_CONTENT)) {
        throw notUnderstood(null);
      }
      return answer;
    });
  }

  /** Returns an address as a text that a path can be put behind. */
  public static String withoutSlash(URI service) {
    return service.toString().replaceAll("/+$", "");
  }

  private <T> T exchange(HttpMethod method, URI uri, Object body, IfMatch ifMatch, Expected<T> expected) {
    return understood(expected, () -> http.method(method).uri(uri)
        .headers(headers -> set(headers, ifMatch)).contentType(MediaType.APPLICATION_JSON).body(body).retrieve().body(expected.type()));
  }

  private static void set(HttpHeaders headers, IfMatch ifMatch) {
    if (!ifMatch.tags().isEmpty()) {
      headers.setIfMatch(ifMatch.tags());
    }
  }

  /** Something that is no answer of the module's comes from something that is not the module: a failure like any other. */
  private <T> T understood(Expected<T> expected, Supplier<@Nullable T> call) {
    try {
      var answer = call.get();
      if (answer != null && expected.fits().test(answer)) {
        return answer;
      }
    } catch (ResourceAccessException e) {
      throw e;
    } catch (RestClientException e) {
      throw notUnderstood(e);
    }
    throw notUnderstood(null);
  }

  private Problem notUnderstood(@Nullable Throwable cause) {
    return Problem.of(HttpStatus.BAD_GATEWAY, said("answered something that is not understood"), cause);
  }

  private <T> T repeatedly(Supplier<T> call) {
    return reporting(Retry.decorateSupplier(retry, breaker.decorateSupplier(call)), true);
  }

  private <T> T once(Supplier<T> call) {
    return reporting(breaker.decorateSupplier(call), false);
  }

  /** Calls, and reports a lost answer: for what may not be repeated it means that nobody knows the outcome. */
  private <T> T reporting(Supplier<T> call, boolean repeatable) {
    try {
      return call.get();
    } catch (CallNotPermittedException e) {
      throw Problem.unavailable(said("failed too often; it is not called at the moment"), e);
    } catch (ResourceAccessException e) {
      throw repeatable || neverArrived(e)
          ? Problem.unavailable(said("does not answer"), e)
          : Problem.unknown(said("did not answer in time; the outcome is unknown"), e);
    }
  }

  private String said(String what) {
    return "The service of module '%s' %s.".formatted(module, what);
  }

  private Problem problem(ClientHttpResponse response) throws java.io.IOException {
    var status = response.getStatusCode();
    var answered = said("answered %d".formatted(status.value()));
    if (!isOfTheShop(response)) {
      return Problem.of(HttpStatus.BAD_GATEWAY, answered, null);
    }
    var body = body(response);
    var detail = body.path("detail").asString(answered);
    if (status.isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE)) {
      return Problem.FENCED.toString().equals(body.path("type").asString(""))
          ? Problem.fenced(detail, null) : Problem.unavailable(detail, null);
    }
    return Problem.of(status.is5xxServerError() ? HttpStatus.BAD_GATEWAY : status, detail, null);
  }

  /**
   * Tells the service's own refusals, which are problem details, from those of whatever else listens in its place: that
   * one does not know a path says nothing of a user, nor of an order's goods, and that it lost its way to the service
   * does not say that nothing was changed there.
   */
  private static boolean isOfTheShop(ClientHttpResponse response) {
    return MediaType.APPLICATION_PROBLEM_JSON.isCompatibleWith(response.getHeaders().getContentType());
  }

  private JsonNode body(ClientHttpResponse response) throws java.io.IOException {
    try {
      return json.readTree(response.getBody());
    } catch (JacksonException e) {
      // Something between here and the service answered, a proxy perhaps; its status has to do.
      return json.createObjectNode();
    }
  }

  /** Tells failures of the service or of the way to it from what the service refused for good reason. */
  private static boolean isFailure(Throwable e) {
    return e instanceof ResourceAccessException
        || e instanceof Problem problem && problem.getStatusCode().is5xxServerError() && !problem.isFenced();
  }

  private static boolean neverArrived(@Nullable Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ConnectException || t instanceof HttpConnectTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static JdkClientHttpRequestFactory requestFactory(ServiceSettings settings) {
    // HTTP/1.1 outright: an upgrade would be asked for with every first request of a connection, and never granted.
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(settings.connectTimeout()).build();
    var factory = new JdkClientHttpRequestFactory(client);
    factory.setReadTimeout(settings.readTimeout());
    return factory;
  }
}
