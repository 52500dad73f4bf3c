package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** What the consumers of users expect, each in its own words, through the proxy: file {@code contracts/users.json}. */
final class ConsumerContract {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Http proxy;

  ConsumerContract(Http proxy) {
    this.proxy = proxy;
  }

  void expectKept() throws IOException, InterruptedException {
    JsonNode expectations = JSON.readTree(Path.of("..", "contracts", "users.json").toFile());
    assertThat(expectations.size()).isGreaterThanOrEqualTo(9);
    for (JsonNode expectation : expectations) {
      expect(expectation);
    }
  }

  private void expect(JsonNode expectation) throws IOException, InterruptedException {
    String before = endOfFeed();
    String id = expectation.has("given") ? given(expectation.path("given")) : "";
    JsonNode request = JSON.readTree(expectation.path("request").toString().replace("{id}", id).replace("{events}", before));
    JsonNode expected = JSON.readTree(expectation.path("answer").toString().replace("{id}", id));
    String what = expectation.path("consumer").asText() + ": " + expectation.path("needs").asText();
    if (request.path("path").asText().contains("events")) {
      // An event is in the feed when no older transaction of the server runs any more, the mover's among them.
      await(what).atMost(Duration.ofSeconds(10)).untilAsserted(() -> check(what, send(request), expected));
    } else {
      check(what, send(request), expected);
    }
  }

  private Http.Answer send(JsonNode request) throws IOException, InterruptedException {
    return proxy.send(request.path("method").asText(), request.path("path").asText(), request.has("body") ? request.path("body").toString() : "");
  }

  private String endOfFeed() throws IOException, InterruptedException {
    for (String cursor = ""; ; ) {
      Http.Answer answer = proxy.get("/api/v1/users/events?limit=500&after=" + cursor);
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
      JsonNode page = answer.body();
      if (page.path("next").asText().equals(cursor) && page.path("complete").asBoolean()) {
        return cursor;
      }
      cursor = page.path("next").asText();
    }
  }

  private String given(JsonNode user) throws IOException, InterruptedException {
    String body = ((ObjectNode) user.deepCopy()).put("email", UUID.randomUUID() + "@example.org").toString();
    Http.Answer registered = proxy.post(user.has("name") ? "/api/v1/users" : "/api/v2/users", body);
    assertThat(registered.status()).as(registered.body().toString()).isEqualTo(201);
    return registered.body().path("id").asText();
  }

  private static void check(String what, Http.Answer answer, JsonNode expected) {
    assertThat(answer.status()).as(what + ": " + answer.body()).isEqualTo(expected.path("status").asInt());
    expected.path("headers").properties().forEach(header ->
        assertThat(answer.header(header.getKey())).as(what + ": " + header.getKey()).matches(header.getValue().asText()));
    check(what, answer.body(), expected.path("body"));
  }

  /** What is expected must be there; what else is there is not the consumer's concern. */
  private static void check(String place, JsonNode actual, JsonNode expected) {
    if (expected.isObject()) {
      expected.properties().forEach(field -> check(place + "." + field.getKey(), actual.path(field.getKey()), field.getValue()));
    } else if (expected.isArray()) {
      assertThat(actual.size()).as(place).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        check(place + "[" + i + "]", actual.path(i), expected.path(i));
      }
    } else {
      checkValue(place, actual, expected);
    }
  }

  private static void checkValue(String place, JsonNode actual, JsonNode expected) {
    switch (expected.asText("")) {
      case "<text>" -> assertThat(actual.isTextual()).as(place + " is a text: " + actual).isTrue();
      case "<number>" -> assertThat(actual.isNumber()).as(place + " is a number: " + actual).isTrue();
      default -> assertThat(actual).as(place).isEqualTo(expected);
    }
  }
}
