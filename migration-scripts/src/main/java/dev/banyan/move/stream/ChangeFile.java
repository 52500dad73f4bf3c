package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.stream.HeldTransaction.HeldChange;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes in a temporary file that only this process can read, written first and then read. It ends with the process. */
final class ChangeFile implements AutoCloseable {

  private static final int NULL = -1;

  private final FileChannel channel;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final List<TableFlow> tables = new ArrayList<>();
  private long left;

  ChangeFile() throws IOException {
    Path path = Files.createTempFile("banyan-transaction", null);
    // Where the system can, the name is gone at once, so that not even a killed process leaves a row behind.
    this.channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
    this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
  }

  void write(HeldChange held) throws IOException {
    RowChange change = held.change();
    out.writeLong(held.at().value());
    out.writeInt(number(change.table()));
    out.writeByte(change.kind().ordinal());
    writeTexts(change.key().values().toArray(String[]::new));
    writeTexts(change.row());
    left++;
  }

  private int number(TableFlow table) {
    int known = tables.indexOf(table);
    if (known < 0) {
      tables.add(table);
    }
    return known < 0 ? tables.size() - 1 : known;
  }

  private void writeTexts(@Nullable String @Nullable [] texts) throws IOException {
    out.writeInt(texts == null ? NULL : texts.length);
    if (texts != null) {
      for (String text : texts) {
        writeText(text);
      }
    }
  }

  private void writeText(@Nullable String text) throws IOException {
    byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes == null ? NULL : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  /** Ends the writing; reading begins with what was written first. */
  void rewind() throws IOException {
    out.flush();
    channel.position(0);
  }

  boolean hasNext() {
    return left > 0;
  }

  HeldChange read() throws IOException {
    Lsn at = new Lsn(in.readLong());
    TableFlow table = tables.get(in.readInt());
    RowChange.Kind kind = RowChange.Kind.values()[in.readByte()];
    Key key = new Key(Arrays.asList(Objects.requireNonNull(readTexts())));
    left--;
    return new HeldChange(new RowChange(table, kind, key, readTexts()), at);
  }

  private @Nullable String @Nullable [] readTexts() throws IOException {
    int length = in.readInt();
    if (length == NULL) {
      return null;
    }
    @Nullable String[] texts = new String[length];
    for (int i = 0; i < length; i++) {
      texts[i] = readText();
    }
    return texts;
  }

  private @Nullable String readText() throws IOException {
    int length = in.readInt();
    return length == NULL ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
