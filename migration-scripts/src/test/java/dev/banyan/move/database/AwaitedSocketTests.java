package dev.banyan.move.database;

import static org.awaitility.Awaitility.await;

import dev.banyan.move.database.AwaitedSocket.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AwaitedSocketTests {

  private static final int ROW_BYTES = 32 << 20;
  private static final int LITTLE = 8 << 20;

  /** Of a large row on a slow line it is seen that it gets on, although it is one value for the driver. */
  @Test
  void tellsThatAWriteGetsOn() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); AwaitedSocket socket = new AwaitedSocket()) {
      socket.connect(new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort()));
      try (Socket server = listening.accept()) {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(socket));
        Call first = standstill(socket);
        server.getInputStream().readNBytes(LITTLE);
        await("another call").atMost(Duration.ofSeconds(10)).until(() -> !standstill(socket).equals(first));
        server.getInputStream().readNBytes(ROW_BYTES - LITTLE);
        writing.join();
      }
    }
  }

  /** Returns the call that does not return any more, because nobody reads. */
  private static Call standstill(AwaitedSocket socket) {
    Unchanged call = new Unchanged();
    await("a standstill").until(() -> call.lasts(Duration.ofMillis(300), socket.awaited()));
    Optional<Call> now = socket.awaited();
    return now.orElseThrow();
  }

  private static void write(AwaitedSocket socket) {
    try {
      socket.getOutputStream().write(new byte[ROW_BYTES]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
