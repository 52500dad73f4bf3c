package dev.banyan.bench.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccountServerIntegrationTests {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Vertx VERTX = Vertx.vertx();
  private static EmbeddedPostgres postgres;
  private static URI users;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void serve() throws Exception {
    postgres = EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
    AccountTables tables = new AccountTables(postgres.getPostgresDatabase());
    tables.create();
    int port = new AccountServer(VERTX, tables).listen(0).toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS).actualPort();
    users = URI.create("http://127.0.0.1:%d/api/v1/users".formatted(port));
  }

  @AfterAll
  static void stop() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    postgres.close();
  }

  @Test
  void servesTheLifeOfAnAccount() throws Exception {
    JsonNode added = expect(201, "POST", "", "{\"email\": \"a@example.org\", \"name\": \"Žofie\", \"preferences\": {\"count\": 1}}");
    String account = "/" + added.path("id").asLong();
    assertThat(added.path("revision").asLong()).isZero();
    expect(201, "POST", account + "/addresses", "{\"line1\": \"Rua 1\", \"city\": \"São Paulo\", \"country\": \"BR\"}");
    assertThat(expect(200, "PUT", account, "{\"name\": \"Ann\"}").path("revision").asLong()).isEqualTo(1);
    JsonNode read = expect(200, "GET", account, "");
    assertThat(read.path("name").asText()).isEqualTo("Ann");
    assertThat(read.path("email").asText()).isEqualTo("a@example.org");
    expect(204, "DELETE", account, "");
    expect(404, "GET", account, "");
  }

  @Test
  void saysWhatFailed() throws Exception {
    expect(201, "POST", "", "{\"email\": \"twice@example.org\", \"name\": \"Ann\", \"preferences\": {}}");
    JsonNode refused = expect(500, "POST", "", "{\"email\": \"twice@example.org\", \"name\": \"Ann\", \"preferences\": {}}");
    assertThat(refused.path("error").asText()).contains("account_email_key");
  }

  private JsonNode expect(int status, String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(users + path)).method(method, BodyPublishers.ofString(body)).build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }
}
