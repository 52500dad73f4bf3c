package shop.problems;

import dev.banyan.control.client.Fence;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.exc.StreamReadException;

/** Turns every exception that leaves a controller, or finds none, into problem details. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String TEXT = "A text holds U+0000, which the database does not store.";
  private static final String NUMBER = "A number is larger, or has more digits, than the database stores.";
  /** PostgreSQL's codes for a character that texts, or texts within JSON, cannot hold, and for numbers out of range, also within JSON. */
  private static final Map<String, String> UNSTORABLE = Map.of("22021", TEXT, "22P05", TEXT, "22003", NUMBER);

  @ExceptionHandler({DataAccessException.class, CannotCreateTransactionException.class})
  @Nullable ResponseEntity<Object> databaseRefused(RuntimeException e, WebRequest request) {
    var unstorable = unstorable(e);
    if (unstorable != null) {
      return handle(Problem.invalid(unstorable, e), request);
    }
    return leftNothing(e) ? handle(asProblem(e), request) : unexpected(e, request);
  }

  @ExceptionHandler(TransactionSystemException.class)
  @Nullable ResponseEntity<Object> commitUnknown(TransactionSystemException e, WebRequest request) {
    return handle(Problem.unknown("The database did not confirm the change in time; the outcome is unknown.", e), request);
  }

  /** Found out when the first parameter is asked for. */
  @ExceptionHandler(InvalidParameterException.class)
  @Nullable ResponseEntity<Object> unreadableParameter(InvalidParameterException e, WebRequest request) {
    return handle(Problem.invalid("The parameters of the request are too many, or not percent-encoded UTF-8.", e), request);
  }

  @ExceptionHandler(Exception.class)
  @Nullable ResponseEntity<Object> unexpected(Exception e, WebRequest request) {
    LOG.error("Unexpected failure of {}", request.getDescription(false), e);
    var status = HttpStatus.INTERNAL_SERVER_ERROR;
    var body = ProblemDetail.forStatusAndDetail(status, "Unexpected failure; the log of the application tells more.");
    return handleExceptionInternal(e, body, new HttpHeaders(), status, request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    e.getBody().setDetail("Some fields are not valid: see errors.");
    e.getBody().setProperty("errors", errors(e.getBindingResult()));
    return handleExceptionInternal(e, e.getBody(), headers, status, request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
      HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    e.getBody().setDetail("Some parameters are not valid: see errors.");
    e.getBody().setProperty("errors", errors(e.getParameterValidationResults()));
    return handleExceptionInternal(e, e.getBody(), headers, status, request);
  }

  /** A body that is larger than it may be fails while it is read, and so does one that is no JSON, or says a thing twice. */
  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    var cause = NestedExceptionUtils.getMostSpecificCause(e);
    if (cause instanceof Problem problem) {
      return handle(problem, request);
    }
    return cause instanceof StreamReadException noJson
        ? handle(Problem.invalid(where(noJson), e), request) : super.handleHttpMessageNotReadable(e, headers, status, request);
  }

  private static String where(StreamReadException e) {
    return "The body cannot be read at line %d, column %d: %s."
        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), e.getOriginalMessage());
  }

  /** Problem details whatever the client accepts, or seems to: one that cannot read them has the status at least. */
  @Override
  protected ResponseEntity<Object> createResponseEntity(@Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    return ResponseEntity.status(status).headers(headers).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(body);
  }

  private static @Nullable String unstorable(RuntimeException e) {
    return NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException cause ? UNSTORABLE.get(String.valueOf(cause.getSQLState())) : null;
  }

  /** Tells failures that end a transaction before its commit, and may not last. */
  private static boolean leftNothing(RuntimeException e) {
    return Fence.raised(e) || e instanceof TransientDataAccessException
        || e instanceof DataAccessResourceFailureException || e instanceof CannotCreateTransactionException;
  }

  private static Problem asProblem(RuntimeException e) {
    return Fence.raised(e)
        ? Problem.fenced("The data is moving to another owner; nothing was changed.", e)
        : Problem.unavailable("The database does not answer at the moment.", e);
  }

  private @Nullable ResponseEntity<Object> handle(Problem problem, WebRequest request) {
    return handleExceptionInternal(
        problem, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
  }

  private static Map<String, String> errors(List<ParameterValidationResult> results) {
    var errors = new TreeMap<String, String>();
    results.forEach(result -> result.getResolvableErrors().forEach(
        error -> errors.put(String.valueOf(result.getMethodParameter().getParameterName()), String.valueOf(error.getDefaultMessage()))));
    return errors;
  }

  private static Map<String, String> errors(BindingResult result) {
    var errors = new TreeMap<String, String>();
    result.getFieldErrors().forEach(f -> errors.put(f.getField(), String.valueOf(f.getDefaultMessage())));
    return errors;
  }
}
