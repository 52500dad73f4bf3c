package dev.banyan.move;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A way to a server that can be lost. Lost connections stay open on both ends and carry nothing any more, as when a
 * firewall forgets them; new ones are carried.
 */
public final class Relay implements AutoCloseable {

  private final ServerSocket listening;
  private volatile int port;
  private final Queue<Pair> pairs = new ConcurrentLinkedQueue<>();

  /** The two ends of a connection; the latch holds what arrives once it is lost. */
  private static final class Pair {
    private final Socket client;
    private final Socket server;
    private final CountDownLatch found = new CountDownLatch(1);
    private volatile boolean lost;

    Pair(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }
  }

  private Relay(ServerSocket listening, int port) {
    this.listening = listening;
    this.port = port;
  }

  /** Opens a way to a server of this machine. */
  public static Relay to(int port) {
    try {
      Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
      daemon(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where it begins. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Leads to another server from now on; connections that there are stay where they are. */
  public void leadTo(int other) {
    port = other;
  }

  /** Loses all connections there are; nobody is told. */
  public void lose() {
    pairs.forEach(pair -> pair.lost = true);
  }

  /** Loses the one connection that the server knows by this port of its client. */
  public void lose(int clientPort) {
    Pair lost = pairs.stream().filter(pair -> pair.server.getLocalPort() == clientPort).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no connection from port " + clientPort));
    lost.lost = true;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        carry(client);
      } catch (IOException e) {
        // Closed, or the server is away: whoever has connected is told by the end of its connection.
        continue;
      }
    }
  }

  private void carry(Socket client) throws IOException {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Pair pair = new Pair(client, server);
      pairs.add(pair);
      daemon(() -> carry(pair, client, server));
      daemon(() -> carry(pair, server, client));
    } catch (IOException e) {
      client.close();
    }
  }

  private static void carry(Pair pair, Socket from, Socket to) {
    byte[] buffer = new byte[1 << 16];
    try {
      for (int read = from.getInputStream().read(buffer); read >= 0; read = from.getInputStream().read(buffer)) {
        awaitFound(pair);
        to.getOutputStream().write(buffer, 0, read);
      }
      awaitFound(pair);
    } catch (IOException | InterruptedException e) {
      // One end is gone; so the other goes, unless nobody is to know.
    }
    if (!pair.lost) {
      close(pair);
    }
  }

  private static void awaitFound(Pair pair) throws InterruptedException {
    if (pair.lost) {
      pair.found.await();
    }
  }

  private static void close(Pair pair) {
    try (Socket client = pair.client; Socket server = pair.server) {
      pair.found.countDown();
    } catch (IOException e) {
      // Closed as well as can be.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pairs.forEach(pair -> {
      pair.lost = false;
      close(pair);
    });
  }
}
