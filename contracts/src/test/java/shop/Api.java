package shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to an application of a test the way any client would: over HTTP, in JSON. */
public final class Api {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final String root;

  /** Creates a client of the application that listens on a port of this machine. */
  public Api(int port) {
    this(port, "/api/v1");
  }

  /** The same, for what is below another path. */
  public Api(int port, String path) {
    this.root = "http://127.0.0.1:%d%s".formatted(port, path);
  }

  /** Creates a client whose paths begin with {@code /api} and the version. */
  public static Api ofAnyVersion(int port) {
    return new Api(port, "");
  }

  /** What came back. */
  public record Answer(int status, JsonNode body, HttpResponse<String> response) {

    /** Returns the field of the body with this name, as text. */
    public String text(String field) {
      return body.path(field).asString();
    }

    /** Returns the value of a header, or an empty text. */
    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  /** Sends a GET. */
  public Answer get(String path) {
    return send("GET", path, "");
  }

  /** Sends a POST. */
  public Answer post(String path, String json) {
    return send("POST", path, json);
  }

  /** Sends a PUT. */
  public Answer put(String path, String json) {
    return send("PUT", path, json);
  }

  /** Sends a DELETE. */
  public Answer delete(String path) {
    return send("DELETE", path, "");
  }

  /** Sends a PUT of one version of a resource. */
  public Answer put(String path, String json, String ifMatch) {
    return send("PUT", path, json, "If-Match", ifMatch);
  }

  /** Sends a request with names and values of headers; single quotes stand for double ones. */
  public Answer send(String method, String path, String json, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(root + path)).timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(json.replace('\'', '"')));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), parsed(response.body()), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode parsed(String body) {
    return body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
  }
}
