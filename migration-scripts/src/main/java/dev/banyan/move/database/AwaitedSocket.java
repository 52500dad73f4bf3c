package dev.banyan.move.database;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A socket that tells whether its user waits for the other end, and that can be given up by somebody else. */
final class AwaitedSocket extends Socket {

  /** What is written at once: of a row of 16 MB it is to be seen that it gets on. */
  private static final int PIECE_BYTES = 64 * 1024;

  private final Calls reads = new Calls();
  private final Calls writes = new Calls();
  private volatile @Nullable String givenUp;

  /** One direction, used by one thread at a time; the number of a call that has not returned is odd. */
  private static final class Calls {

    private volatile long count;

    void next() {
      count = count + 1;
    }
  }

  /** A call that has not returned, as one that can be told from those before it. */
  record Call(long read, long written) {}

  /** Returns what is waited for right now; may be called by any thread. */
  Optional<Call> awaited() {
    Call now = new Call(reads.count, writes.count);
    return (now.read % 2 == 1 && !hasArrived()) || now.written % 2 == 1 ? Optional.of(now) : Optional.empty();
  }

  /** With more to do than processors, what is here already may be fetched late. */
  private boolean hasArrived() {
    try {
      return isConnected() && super.getInputStream().available() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Closes it; whoever waits is told this reason. */
  void giveUp(String reason) throws IOException {
    givenUp = reason;
    close();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        return counted(reads, in::read);
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return counted(reads, () -> in.read(bytes, offset, length));
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int written = 0; written < length; written += PIECE_BYTES) {
          int from = offset + written;
          int piece = Math.min(PIECE_BYTES, length - written);
          counted(writes, () -> {
            out.write(bytes, from, piece);
            return piece;
          });
        }
      }
    };
  }

  private interface Transfer {
    int run() throws IOException;
  }

  private int counted(Calls calls, Transfer transfer) throws IOException {
    calls.next();
    try {
      return transfer.run();
    } catch (IOException e) {
      throw givenUp == null ? e : reasoned(e);
    } finally {
      calls.next();
    }
  }

  private IOException reasoned(IOException cause) {
    SocketException reasoned = new SocketException(givenUp);
    reasoned.addSuppressed(cause);
    return reasoned;
  }
}
