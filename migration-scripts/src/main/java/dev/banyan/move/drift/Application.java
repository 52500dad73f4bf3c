package dev.banyan.move.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An application that declares copies, asked over HTTP: {@code GET /api/v1/copies}, and of one of them
 * {@code POST …/{name}/compare} and {@code …/{name}/heal}.
 */
public final class Application {

  private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(5);
  private static final Duration LISTED_WITHIN = Duration.ofSeconds(30);
  private static final String COPIES = "/api/v1/copies";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final String copies;
  private final Optional<String> authorization;
  private final Duration patience;
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECTED_WITHIN).build();

  /**
   * Describes an application; nobody is asked yet.
   *
   * @param name what it is called in messages
   * @param authorization what stands in the header of that name, if anything
   * @param patience how long it may compare or heal one copy
   */
  public Application(String name, URI url, Optional<String> authorization, Duration patience) {
    this.name = name;
    this.copies = url.toString().replaceAll("/+$", "") + COPIES;
    this.authorization = authorization;
    this.patience = patience;
  }

  /** Returns what the application is called. */
  public String name() {
    return name;
  }

  /** Returns the copies that it declares, as they were at their last comparison. */
  public List<Copy> copies() throws NoAnswer, InterruptedException {
    HttpRequest request = request("", LISTED_WITHIN).GET().build();
    JsonNode list = send(request);
    if (!list.isArray()) {
      throw nonsense(request, CopyReader.shortened(list.toString()));
    }
    List<Copy> told = new ArrayList<>();
    for (JsonNode copy : list) {
      told.add(read(request, copy));
    }
    return List.copyOf(told);
  }

  /** Has all of a copy compared with its owner, now. */
  public Copy compare(String copy) throws NoAnswer, InterruptedException {
    return change(copy, "compare");
  }

  /** Has what differs taken from its owner; what is returned differs still. */
  public Copy heal(String copy) throws NoAnswer, InterruptedException {
    return change(copy, "heal");
  }

  private Copy change(String copy, String verb) throws NoAnswer, InterruptedException {
    String path = "/" + URLEncoder.encode(copy, StandardCharsets.UTF_8).replace("+", "%20") + "/" + verb;
    HttpRequest request = request(path, patience).POST(BodyPublishers.noBody()).build();
    return read(request, send(request));
  }

  private HttpRequest.Builder request(String path, Duration within) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(copies + path)).timeout(within).header("Accept", "application/json");
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private JsonNode send(HttpRequest request) throws NoAnswer, InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new NoAnswer("The %s does not answer %s: %s. Start it, or correct its url in the plan.".formatted(name, line(request), reason(e)), e);
    }
    if (response.statusCode() != 200) {
      throw refusal(request, response);
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw nonsense(request, CopyReader.shortened(response.body()));
    }
  }

  private NoAnswer refusal(HttpRequest request, HttpResponse<String> response) {
    return new NoAnswer(switch (response.statusCode()) {
      case 404, 405 -> "The %s offers no %s: it answers %d. What it has to offer stands in docs/drift.md."
          .formatted(name, line(request), response.statusCode());
      case 401, 403 -> "The %s wants to know who asks %s: it answers %d. Set BANYAN_COPIES_AUTHORIZATION to the value of the header Authorization."
          .formatted(name, line(request), response.statusCode());
      default -> "The %s answers %s with %d: %s".formatted(name, line(request), response.statusCode(), detail(response.body()));
    });
  }

  /** Returns what a problem detail says, or the beginning of what came. */
  private static String detail(String body) {
    try {
      JsonNode detail = JSON.readTree(body).path("detail");
      return CopyReader.shortened(detail.isTextual() ? detail.asText() : body);
    } catch (JsonProcessingException e) {
      return CopyReader.shortened(body);
    }
  }

  private Copy read(HttpRequest request, JsonNode copy) throws NoAnswer {
    try {
      return CopyReader.read(copy);
    } catch (IllegalArgumentException e) {
      throw nonsense(request, String.valueOf(e.getMessage()));
    }
  }

  private NoAnswer nonsense(HttpRequest request, String what) {
    return new NoAnswer("The %s answers %s with what is not understood: %s. What it has to offer stands in docs/drift.md."
        .formatted(name, line(request), what));
  }

  private static String line(HttpRequest request) {
    return request.method() + " " + request.uri();
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
