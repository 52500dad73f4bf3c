package dev.banyan.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection of a client that reads exactly one answer for each request; opened again after it was closed. */
final class RawConnection implements AutoCloseable {

  private static final String END = "\r\n\r\n";

  private final URI root;
  private @Nullable Socket socket;

  RawConnection(URI root) {
    this.root = root;
  }

  /** What came back. */
  record Answer(int status, String body) {}

  /**
   * Sends a request with a JSON body and reads its answer.
   *
   * @throws java.net.ConnectException if nobody listens; nothing was sent
   * @throws IOException if the connection ended before the answer did
   */
  Answer post(String path, String json) throws IOException {
    Socket open = open();
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    var request = new ByteArrayOutputStream();
    request.writeBytes("POST %s HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, body.length).getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    open.getOutputStream().write(request.toByteArray());
    return read(new DataInputStream(open.getInputStream()));
  }

  private Socket open() throws IOException {
    Socket open = socket;
    if (open == null) {
      open = new Socket(root.getHost(), root.getPort());
      open.setSoTimeout(60_000);
      socket = open;
    }
    return open;
  }

  private Answer read(DataInputStream in) throws IOException {
    String head = readTo(in, END).toLowerCase(Locale.ROOT);
    String body = head.contains("transfer-encoding: chunked") ? chunks(in) : text(in, length(head));
    if (head.contains("connection: close")) {
      close();
    }
    return new Answer(Integer.parseInt(head.substring(9, 12)), body);
  }

  private static int length(String head) {
    return head.lines().filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).trim())).findFirst().orElse(0);
  }

  private static String chunks(DataInputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (int size = size(in); size > 0; size = size(in)) {
      body.append(text(in, size));
      readTo(in, "\r\n");
    }
    readTo(in, "\r\n");
    return body.toString();
  }

  private static int size(DataInputStream in) throws IOException {
    return Integer.parseInt(readTo(in, "\r\n").trim(), 16);
  }

  private static String text(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The answer ended after %d of %d bytes".formatted(bytes.length, length));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String readTo(DataInputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.length() < end.length() || !read.substring(read.length() - end.length()).equals(end)) {
      read.append((char) in.readUnsignedByte());
    }
    return read.toString();
  }

  @Override
  public void close() {
    Socket open = socket;
    socket = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Whatever it was, nobody reads from it any more.
      }
    }
  }
}
