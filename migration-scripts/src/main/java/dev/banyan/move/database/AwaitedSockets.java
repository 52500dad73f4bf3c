package dev.banyan.move.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Opens connections whose socket is known. The driver is told of a factory by the name of its class, and makes it
 * itself: which is why it is public, and why the sockets are found by a word that is handed through.
 */
public final class AwaitedSockets extends SocketFactory {

  private static final Map<String, AtomicReference<@Nullable AwaitedSocket>> OPENING = new ConcurrentHashMap<>();

  private final AtomicReference<@Nullable AwaitedSocket> newest;

  /** Called by the driver. */
  public AwaitedSockets(String opening) {
    this.newest = Objects.requireNonNull(OPENING.get(opening), "made by the driver only");
  }

  /** A connection and its socket; none where the address itself names a factory. */
  record Opened(Connection connection, Optional<AwaitedSocket> socket) {}

  /** Connects. */
  static Opened open(String url, Properties properties) throws SQLException {
    String opening = UUID.randomUUID().toString();
    AtomicReference<@Nullable AwaitedSocket> used = new AtomicReference<>();
    OPENING.put(opening, used);
    try {
      PGProperty.SOCKET_FACTORY.set(properties, AwaitedSockets.class.getName());
      PGProperty.SOCKET_FACTORY_ARG.set(properties, opening);
      Connection connection = DriverManager.getConnection(url, properties);
      return new Opened(connection, Optional.ofNullable(used.get()));
    } finally {
      OPENING.remove(opening);
    }
  }

  @Override
  public Socket createSocket() {
    AwaitedSocket socket = new AwaitedSocket();
    newest.set(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  private Socket connected(InetSocketAddress to, @Nullable InetSocketAddress from) throws IOException {
    Socket socket = createSocket();
    socket.bind(from);
    socket.connect(to);
    return socket;
  }
}
