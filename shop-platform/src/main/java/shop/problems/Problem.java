package shop.problems;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request that cannot be fulfilled, with the problem details (RFC 9457) that the client gets. */
public final class Problem extends ErrorResponseException {

  /** The problem type of a write that met the fence: it had no effect, and may be sent again. */
  public static final URI FENCED = URI.create("urn:banyan:fenced");
  /** The problem type of a request that was sent before, and whose outcome is not known yet: ask again. */
  public static final URI IN_FLIGHT = URI.create("urn:shop:in-flight");

  private Problem(HttpStatusCode status, String detail, @Nullable Throwable cause) {
    super(status, ProblemDetail.forStatusAndDetail(status, detail), cause);
  }

  /** Returns the problem of a thing that is not there. */
  public static Problem notFound(String detail) {
    return new Problem(HttpStatus.NOT_FOUND, detail, null);
  }

  /** Returns the problem of a request that contradicts the present state, such as an e-mail address that is taken. */
  public static Problem conflict(String detail) {
    return new Problem(HttpStatus.CONFLICT, detail, null);
  }

  /** Returns the problem of a request that had no effect and may succeed in a second. */
  public static Problem unavailable(String detail, @Nullable Throwable cause) {
    var problem = new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail, cause);
    problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
    return problem;
  }

  /** Returns the problem of a request of which nobody knows whether it took effect. */
  public static Problem unknown(String detail, @Nullable Throwable cause) {
    return new Problem(HttpStatus.GATEWAY_TIMEOUT, detail, cause);
  }

  /** Returns the problem of a request that nobody could fulfil. */
  public static Problem invalid(String detail) {
    return invalid(detail, null);
  }

  /** The same, where something else has found it out. */
  public static Problem invalid(String detail, @Nullable Throwable cause) {
    return new Problem(HttpStatus.BAD_REQUEST, detail, cause);
  }

  /** Returns the problem of who has to show a token, and has shown none or another. */
  public static Problem unauthorized(String detail) {
    var problem = new Problem(HttpStatus.UNAUTHORIZED, detail, null);
    problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    return problem;
  }

  /** Returns the problem of a change of a revision that is not the present one. */
  public static Problem outdated(String detail) {
    return new Problem(HttpStatus.PRECONDITION_FAILED, detail, null);
  }

  /** Returns the problem of a body that is larger than so many bytes. */
  public static Problem tooLarge(long limit, @Nullable Throwable cause) {
    return new Problem(HttpStatus.CONTENT_TOO_LARGE, "The body has more than %d bytes.".formatted(limit), cause);
  }

  /** Returns the problem of a write that met the fence. */
  public static Problem fenced(String detail, @Nullable Throwable cause) {
    var problem = unavailable(detail, cause);
    problem.setType(FENCED);
    return problem;
  }

  /** Returns a problem with the given status, as another process reported it. */
  public static Problem of(HttpStatusCode status, String detail, @Nullable Throwable cause) {
    return new Problem(status, detail, cause);
  }

  /** Tells whether this is the problem of a write that met the fence. */
  public boolean isFenced() {
    return FENCED.equals(getBody().getType());
  }

  /** Tells whether a thing was not there. */
  public boolean isNotFound() {
    return getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND);
  }
}
