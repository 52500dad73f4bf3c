package shop.users;

import static java.util.Objects.requireNonNull;

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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import shop.problems.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the extracted service: with time-outs, behind a circuit breaker, and with bounded retries of what may be
 * repeated. What the service refuses comes out as the {@link Problem} that it reported.
 */
@Component
class UserServiceClient {

  private final RestClient http;
  private final JsonMapper json;
  private final CircuitBreaker breaker = CircuitBreaker.of("users", CircuitBreakerConfig.custom()
      .slidingWindowSize(20).minimumNumberOfCalls(10).failureRateThreshold(50)
      .waitDurationInOpenState(Duration.ofSeconds(1)).permittedNumberOfCallsInHalfOpenState(3)
      .recordException(UserServiceClient::isFailure).build());
  private final Retry retry = Retry.of("users", RetryConfig.custom()
      .maxAttempts(3).intervalFunction(IntervalFunction.ofExponentialRandomBackoff(50, 2))
      .retryOnException(UserServiceClient::isFailure).build());

  UserServiceClient(RestClient.Builder http, JsonMapper json, UserServiceSettings settings) {
    this.json = json;
    this.http = http.requestFactory(requestFactory(settings))
        .defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
          throw problem(response);
        })
        .build();
  }

  <T> T get(URI uri, ParameterizedTypeReference<T> type) {
    return reporting(Retry.decorateSupplier(retry, breaker.decorateSupplier(
        () -> requireNonNull(http.get().uri(uri).retrieve().body(type)))), true);
  }

  /** Sends a request once. */
  <T> T send(HttpMethod method, URI uri, Object body, ParameterizedTypeReference<T> type) {
    return once(() -> requireNonNull(http.method(method).uri(uri)
        .contentType(MediaType.APPLICATION_JSON).body(body).retrieve().body(type)));
  }

  /** Sends a DELETE once. */
  void delete(URI uri) {
    once(() -> http.delete().uri(uri).retrieve().toBodilessEntity());
  }

  static String withoutSlash(URI service) {
    return service.toString().replaceAll("/+$", "");
  }

  private <T> T once(Supplier<T> call) {
    return reporting(breaker.decorateSupplier(call), false);
  }

  /** Calls, and reports a lost answer: for what may not be repeated it means that nobody knows the outcome. */
  private static <T> T reporting(Supplier<T> call, boolean repeatable) {
    try {
      return call.get();
    } catch (CallNotPermittedException e) {
      throw Problem.unavailable("The user service failed too often; it is not called at the moment.", e);
    } catch (ResourceAccessException e) {
      throw repeatable || neverArrived(e)
          ? Problem.unavailable("The user service does not answer.", e)
          : Problem.unknown("The user service did not answer in time; the outcome is unknown.", e);
    }
  }

  private Problem problem(ClientHttpResponse response) throws java.io.IOException {
    var status = response.getStatusCode();
    var body = body(response);
    var detail = body.path("detail").asString("The user service answered %d.".formatted(status.value()));
    if (status.isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE)) {
      return Problem.FENCED.toString().equals(body.path("type").asString(""))
          ? Problem.fenced(detail, null) : Problem.unavailable(detail, null);
    }
    return Problem.of(status.is5xxServerError() ? HttpStatus.BAD_GATEWAY : status, detail, null);
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

  private static JdkClientHttpRequestFactory requestFactory(UserServiceSettings settings) {
    // HTTP/1.1 outright: an upgrade would be asked for with every first request of a connection, and never granted.
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(settings.connectTimeout()).build();
    var factory = new JdkClientHttpRequestFactory(client);
    factory.setReadTimeout(settings.readTimeout());
    return factory;
  }
}
