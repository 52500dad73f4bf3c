package dev.banyan.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that decides about each byte, and when it hangs up. */
final class RawClient implements AutoCloseable {

  /** One answer. */
  record Answer(String head, String body) {

    int status() {
      return Integer.parseInt(head.substring(9, 12));
    }

    boolean has(String line) {
      return head.toLowerCase(Locale.ROOT).lines().anyMatch(line::equals);
    }
  }

  private static final String END = "\r\n\r\n";

  private final Socket socket;
  private final DataInputStream in;

  RawClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(15_000);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Sends the head of a PUT; {@code headers} are separated by a line feed. */
  RawClient put(String path, String headers) throws IOException {
    return send("PUT " + path + " HTTP/1.1\r\nHost: x\r\n" + headers.replace("\n", "\r\n") + END);
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  RawClient chunk(String text) throws IOException {
    return send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  RawClient lastChunk() throws IOException {
    return send("0\r\n\r\n");
  }

  /** Reads the next answer in full, and nothing behind it. */
  Answer answer() throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.UTF_8).endsWith(END)) {
      head.write(in.readByte());
    }
    String text = head.toString(StandardCharsets.UTF_8);
    int length = text.toLowerCase(Locale.ROOT).lines().filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).trim())).findFirst().orElse(0);
    return new Answer(text, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  /** Reads to the end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
