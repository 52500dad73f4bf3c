package dev.banyan.bench.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shop's paths of accounts, as far as the load asks for them. Whatever fails is answered with 500 and its message. */
final class AccountServer {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH = Pattern.compile("/api/v1/users(?:/(\\d+)(/addresses)?)?");
  private static final Answer NOT_FOUND = new Answer(404, Map.of());

  private final Vertx vertx;
  private final AccountTables tables;

  AccountServer(Vertx vertx, AccountTables tables) {
    this.vertx = vertx;
    this.tables = tables;
  }

  private record Answer(int status, Object body) {}

  Future<HttpServer> listen(int port) {
    return vertx.createHttpServer().requestHandler(this::serve).listen(port, "127.0.0.1");
  }

  private void serve(HttpServerRequest request) {
    request.body()
        .compose(body -> vertx.executeBlocking(() -> answer(request.method(), request.path(), body), false))
        .onSuccess(answer -> send(request, answer))
        .onFailure(failure -> send(request, new Answer(500, Map.of("error", String.valueOf(failure)))));
  }

  private Answer answer(HttpMethod method, String path, Buffer body) throws IOException, SQLException {
    if ("/health".equals(path)) {
      return new Answer(200, Map.of());
    }
    Matcher asked = PATH.matcher(path);
    if (!asked.matches()) {
      return NOT_FOUND;
    }
    if (asked.group(1) == null) {
      return add(JSON.readTree(body.getBytes()));
    }
    long id = Long.parseLong(asked.group(1));
    return asked.group(2) == null ? answer(method, id, body) : addAddress(id, JSON.readTree(body.getBytes()));
  }

  private Answer answer(HttpMethod method, long id, Buffer body) throws IOException, SQLException {
    return switch (method.name()) {
      case "GET" -> told(200, tables.find(id));
      case "PUT" -> told(200, tables.rename(id, JSON.readTree(body.getBytes()).path("name").asText()));
      case "DELETE" -> tables.remove(id) ? new Answer(204, "") : NOT_FOUND;
      default -> new Answer(405, Map.of());
    };
  }

  private Answer add(JsonNode account) throws SQLException {
    return told(201, tables.add(account.path("email").asText(), account.path("name").asText(), account.path("preferences").toString()));
  }

  private Answer addAddress(long account, JsonNode address) throws SQLException {
    tables.addAddress(account, address.path("line1").asText(), address.path("city").asText(), address.path("country").asText());
    return new Answer(201, Map.of());
  }

  private static Answer told(int status, Optional<Account> account) {
    return account.map(found -> new Answer(status, found)).orElse(NOT_FOUND);
  }

  private static void send(HttpServerRequest request, Answer answer) {
    request.response().setStatusCode(answer.status());
    if (answer.status() == 204) {
      request.response().end();
      return;
    }
    try {
      request.response().putHeader("Content-Type", "application/json").end(Buffer.buffer(JSON.writeValueAsBytes(answer.body())));
    } catch (IOException e) {
      request.response().setStatusCode(500).end();
    }
  }
}
