package dev.banyan.move;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server that can be lost. Lost connections stay open on both ends and carry nothing any more, as when a
 * firewall forgets them; new ones are carried.
 */
public final class Relay implements AutoCloseable {

  private final ServerSocket listening;
  private volatile int port;
  private volatile boolean silent;
  private final Queue<Pair> pairs = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Said> awaited = new AtomicReference<>();

  /** What a client says, and what happens then. */
  private record Said(byte[] text, Then then) {

    boolean isIn(byte[] bytes, int length) {
      for (int at = 0; at + text.length <= length; at++) {
        if (Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
          return true;
        }
      }
      return false;
    }
  }

  private interface Then {
    /** Tells whether the connection is lost once this has been carried. */
    boolean happens(Pair pair);
  }

  /** The two ends of a connection; the latch holds what arrives once it is lost. */
  private static final class Pair {
    private final Socket client;
    private final Socket server;
    private final CountDownLatch found = new CountDownLatch(1);
    private volatile boolean lost;
    private volatile boolean losingNext;

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

  /** Loses all connections there are and all that come, as a machine does that stands still: it is connected to, and silent. */
  public void fallSilent() {
    silent = true;
    lose();
  }

  /** Carries new connections again. */
  public void speakAgain() {
    silent = false;
  }

  /** Loses the one connection that the server knows by this port of its client. */
  public void lose(int clientPort) {
    Pair lost = pairs.stream().filter(pair -> pair.server.getLocalPort() == clientPort).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no connection from port " + clientPort));
    lost.lost = true;
  }

  /**
   * Loses the connection on which a client next says this; no other, and once.
   *
   * @param heard whether the server still gets to hear it, so that it is the answer that is lost
   */
  public void loseOn(String said, boolean heard) {
    await(said, pair -> {
      pair.lost = !heard;
      return heard;
    });
  }

  /**
   * Loses the connection on which a client next says this, with what it says there after that, which the server still gets to
   * hear: the answer to a commit for instance, which itself has no text once the server knows it by a name.
   */
  public void loseBehind(String said) {
    await(said, pair -> {
      pair.losingNext = true;
      return false;
    });
  }

  /** Does something when a client next says this, before the server hears it; once. */
  public void when(String said, Runnable action) {
    await(said, pair -> {
      action.run();
      return false;
    });
  }

  private void await(String said, Then then) {
    awaited.set(new Said(said.getBytes(StandardCharsets.UTF_8), then));
  }

  /** Tells whether nothing of the kind has been said yet. */
  public boolean isAwaiting() {
    return awaited.get() != null;
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
      pair.lost = silent;
      daemon(() -> carry(pair, client, server, this::hear));
      daemon(() -> carry(pair, server, client, (of, bytes, length) -> false));
    } catch (IOException e) {
      client.close();
    }
  }

  private interface Ear {
    /** Tells whether the connection is lost once these bytes have been carried. */
    boolean hears(Pair pair, byte[] bytes, int length);
  }

  private boolean hear(Pair pair, byte[] bytes, int length) {
    if (pair.losingNext) {
      return true;
    }
    Said said = awaited.get();
    if (said == null || !said.isIn(bytes, length) || !awaited.compareAndSet(said, null)) {
      return false;
    }
    return said.then.happens(pair);
  }

  private static void carry(Pair pair, Socket from, Socket to, Ear ear) {
    byte[] buffer = new byte[1 << 16];
    try {
      for (int read = from.getInputStream().read(buffer); read >= 0; read = from.getInputStream().read(buffer)) {
        boolean last = ear.hears(pair, buffer, read);
        awaitFound(pair);
        // Before the server could answer.
        pair.lost |= last;
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
