package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** Whatever a client does wrong, through the proxy: problem details, no trace of a stack, and nothing half written. */
final class ShopErrors {

  private static final int LARGEST = 1 << 20;

  private final Http proxy;
  private final long lastOrder;

  /** Creates the checks; {@code lastOrder} is one behind which nobody else places any. */
  ShopErrors(Http proxy, long lastOrder) {
    this.proxy = proxy;
    this.lastOrder = lastOrder;
  }

  void expectProblems(long user, String sku) throws IOException, InterruptedException {
    List<JsonNode> before = state(user, sku);
    badJson(user);
    unknownIds();
    expect(400, proxy.post("/api/v1/orders", "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": 0}]}".formatted(user, sku)));
    expect(413, proxy.put("/api/v1/users/" + user, "{\"name\": \"x\", \"bio\": \"%s\"}".formatted("x".repeat(LARGEST))));
    expect(413, proxy.post("/api/v1/orders", "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": 1}]}".formatted(user, "x".repeat(LARGEST))));
    expect(405, proxy.send("PATCH", "/api/v1/orders/1", "{}"));
    unstorableTexts(user);
    unacceptable(user, sku);
    assertThat(state(user, sku)).isEqualTo(before);
    conflictingVersions(user, sku);
  }

  private void badJson(long user) throws IOException, InterruptedException {
    for (String json : List.of("{", "[]", "", "{\"name\": {}}", "<name/>", "{\"name\": \"a\", \"name\": \"b\"}")) {
      expect(400, proxy.put("/api/v1/users/" + user, json));
      expect(400, proxy.post("/api/v1/orders", json));
      expect(400, proxy.post("/api/v1/inventory/products", json));
    }
  }

  private void unknownIds() throws IOException, InterruptedException {
    for (String path : List.of("/api/v1/users/0", "/api/v2/users/0", "/api/v1/orders/0", "/api/v1/orders/0/details", "/api/v1/inventory/products/NONE",
        "/api/v1/payments/0", "/api/v1/reporting/customers/0", "/api/v1/nothing")) {
      expect(404, proxy.get(path));
    }
    expect(400, proxy.get("/api/v1/users/x"));
    expect(404, proxy.post("/api/v1/orders", "{\"customerId\": 0, \"items\": [{\"sku\": \"FIG-1\", \"quantity\": 1}]}"));
  }

  private void unstorableTexts(long user) throws IOException, InterruptedException {
    for (String text : List.of("\\ud800", "\\u0000")) {
      expect(400, proxy.put("/api/v1/users/" + user, "{\"name\": \"x%s\"}".formatted(text)));
      expect(400, proxy.post("/api/v1/inventory/products", "{\"sku\": \"x%s\", \"name\": \"x\", \"price\": 2, \"stock\": 5}".formatted(text)));
      expect(400, proxy.post("/api/v1/orders", "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": 1}]}".formatted(user, text)));
    }
  }

  /** In one form or the other the answer would come too late: when the order is placed. */
  private void unacceptable(long user, String sku) throws IOException, InterruptedException {
    String order = "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": 1}]}".formatted(user, sku);
    expect(406, proxy.send("POST", "/api/v1/orders", order, "Accept", "nonsense"));
    expect(406, proxy.send("PUT", "/api/v1/users/" + user, "{\"name\": \"x\"}", "Accept", "text/html"));
    expect(415, proxy.send("POST", "/api/v1/orders", order, "Content-Type", "text/xml"));
  }

  /** Each of two who have seen the same version changes it; one does, and the other is told so. */
  private void conflictingVersions(long user, String sku) throws IOException, InterruptedException {
    String seen = proxy.get("/api/v1/users/" + user).header("ETag");
    assertThat(proxy.send("PUT", "/api/v1/users/" + user, "{\"name\": \"First\"}", "If-Match", seen).status()).isEqualTo(200);
    expect(412, proxy.send("PUT", "/api/v1/users/" + user, "{\"name\": \"Second\"}", "If-Match", seen));
    assertThat(proxy.get("/api/v2/users/" + user).body().path("revision").asLong()).isEqualTo(1);
    assertThat(proxy.get("/api/v1/users/" + user).body().path("name").asText()).isEqualTo("First");
    String stock = proxy.get("/api/v1/inventory/products/" + sku).header("ETag");
    assertThat(proxy.send("PUT", "/api/v1/inventory/products/%s/stock".formatted(sku), "{\"stock\": 9}", "If-Match", stock).status()).isEqualTo(200);
    expect(412, proxy.send("PUT", "/api/v1/inventory/products/%s/stock".formatted(sku), "{\"stock\": 7}", "If-Match", stock));
    assertThat(proxy.get("/api/v1/inventory/products/" + sku).body().path("stock").asInt()).isEqualTo(9);
    String email = proxy.get("/api/v1/users/" + user).body().path("email").asText();
    expect(409, proxy.post("/api/v1/users", "{\"email\": \"%s\", \"name\": \"Twin\"}".formatted(email)));
  }

  /** All that these requests are about. */
  private List<JsonNode> state(long user, String sku) throws IOException, InterruptedException {
    return List.of(proxy.get("/api/v1/users/" + user).body(), proxy.get("/api/v1/inventory/products/" + sku).body(),
        proxy.get("/api/v1/orders?limit=500&after=" + lastOrder).body());
  }

  private static void expect(int status, Http.Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).as(answer.body().toString()).startsWith("application/problem+json");
    assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    assertThat(answer.body().path("detail").asText()).isNotEmpty();
    assertThat(answer.body().toString()).doesNotContain("Exception", "\\tat ", "stackTrace", "trace\"");
  }
}
