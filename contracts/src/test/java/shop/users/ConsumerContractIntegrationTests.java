package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import shop.Api;
import shop.Api.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the consumers of users expect, each in its own words: file {@code contracts/users.json}, run by every provider. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "server.address=127.0.0.1")
class ConsumerContractIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort int port;

  @TestFactory
  Stream<DynamicTest> answersAsItsConsumersExpect() throws IOException {
    return JSON.readTree(Files.readString(Path.of("..", "contracts", "users.json"))).valueStream().map(expectation ->
        DynamicTest.dynamicTest(text(expectation, "consumer") + ": " + text(expectation, "needs"), () -> expect(expectation)));
  }

  private void expect(JsonNode expectation) {
    var api = Api.ofAnyVersion(port);
    var before = endOfFeed(api);
    var id = expectation.has("given") ? given(api, expectation.path("given")) : "";
    var request = JSON.readTree(expectation.path("request").toString().replace("{id}", id).replace("{events}", before));
    var answer = api.send(text(request, "method"), text(request, "path"), request.has("body") ? request.path("body").toString() : "");
    check(answer, JSON.readTree(expectation.path("answer").toString().replace("{id}", id)));
  }

  private static String endOfFeed(Api api) {
    var cursor = "";
    while (true) {
      var next = api.get("/api/v1/users/events?limit=500&after=" + cursor).text("next");
      if (next.equals(cursor)) {
        return cursor;
      }
      cursor = next;
    }
  }

  private static String given(Api api, JsonNode user) {
    var body = ((ObjectNode) user.deepCopy()).put("email", UUID.randomUUID() + "@example.org");
    var registered = api.post(user.has("name") ? "/api/v1/users" : "/api/v2/users", body.toString());
    assertThat(registered.status()).isEqualTo(201);
    return registered.text("id");
  }

  private static void check(Answer answer, JsonNode expected) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(expected.path("status").asInt());
    expected.path("headers").forEachEntry((header, pattern) ->
        assertThat(answer.header(header)).as(header).matches(pattern.asString()));
    check("body", answer.body(), expected.path("body"));
  }

  /** What is expected must be there; what else is there is not the consumer's concern. */
  private static void check(String place, JsonNode actual, JsonNode expected) {
    if (expected.isObject()) {
      expected.forEachEntry((field, value) -> check(place + "." + field, actual.path(field), value));
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
    switch (expected.asString("")) {
      case "<text>" -> assertThat(actual.isString()).as(place + " is a text: " + actual).isTrue();
      case "<number>" -> assertThat(actual.isNumber()).as(place + " is a number: " + actual).isTrue();
      default -> assertThat(actual).as(place).isEqualTo(expected);
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString();
  }
}
