package shop.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** What the container answers by itself, to what is no HTTP or what it does not let through: problem details as well. */
public class ProblemReport extends ErrorReportValve {

  /** Called by the container. */
  public ProblemReport() {}

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    try {
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.setCharacterEncoding(StandardCharsets.UTF_8.name());
      var writer = response.getReporter();
      if (writer != null) {
        writer.write(body(response.getStatus()));
        response.finishResponse();
      }
    } catch (IOException | IllegalStateException e) {
      // The client is gone, or has its answer already.
      container.getLogger().debug("An error could not be told", e);
    }
  }

  private static String body(int status) {
    var known = HttpStatus.resolve(status);
    return "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"The server does not take this request; it reached no resource.\"}"
        .formatted(known == null ? "Error" : known.getReasonPhrase(), status);
  }
}
