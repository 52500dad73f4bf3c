package shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What never reaches a controller is answered like all the rest: with problem details, and without a stack trace. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.modules=inventory",
    "server.tomcat.connection-timeout=1s", "spring.datasource.url=jdbc:h2:mem:container;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1"})
class ContainerErrorsIntegrationTests {

  @LocalServerPort int port;

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      GET /[ HTTP/1.1                                | Host: x                    | 400
      GET /%zz HTTP/1.1                              | Host: x                    | 400
      GET /api/v1/inventory/products/a%2Fb HTTP/1.1  | Host: x                    | 400
      nonsense                                       | Host: x                    | 400
      GET / HTTP/1.1                                 | No-Host: x                 | 400
      GET / HTTP/9.9                                 | Host: x                    | 505
      TRACE /api/v1/inventory/products HTTP/1.1      | Host: x                    | 405
      """)
  void answersWithProblemDetails(String line, String header, int status) throws IOException {
    expectProblem(send(line + "\r\n" + header + "\r\nConnection: close\r\n\r\n"), status);
  }

  @ParameterizedTest
  @CsvSource({"600, 400", "2000, 413"})
  void countsABodyWhoseLengthIsNotAnnounced(int kilobytes, int status) throws IOException {
    var chunk = "400\r\n" + " ".repeat(1024) + "\r\n";
    expectProblem(send("""
        POST /api/v1/inventory/products HTTP/1.1
        Host: x
        Content-Type: application/json
        Transfer-Encoding: chunked
        Connection: close

        """.replace("\n", "\r\n") + chunk.repeat(kilobytes) + "0\r\n\r\n"), status);
  }

  /** The client's thread is not kept for longer than the container is told; nothing of the half is acted upon. */
  @Test
  void answersAClientWhoseBodyStalls() throws IOException {
    expectProblem(send("""
        POST /api/v1/inventory/products HTTP/1.1
        Host: x
        Content-Type: application/json
        Content-Length: 1000

        {"sku": "HALF", "name": "x", "price": 1, "stock": 1}""".replace("\n", "\r\n")), 408);
    expectProblem(send("GET /api/v1/inventory/products/HALF HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 404);
  }

  private static void expectProblem(String answer, int status) {
    assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("Content-Type: application/problem+json")
        .contains("\"status\":" + status).doesNotContain("<html", "Exception", "\tat ");
  }

  private String send(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      } catch (IOException e) {
        // Refused before all of it was sent.
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
