package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction whose changes wait until its end is known; those of a large one wait in a file. */
final class HeldTransaction implements AutoCloseable {

  private static final long MOST_CHARACTERS = 16 << 20;

  private final int mostInMemory;
  private final List<HeldChange> changes = new ArrayList<>();
  private final List<String> marks = new ArrayList<>();
  private long characters;
  private @Nullable ChangeFile file;
  private Lsn end = Lsn.ZERO;

  /**
   * A change that waits.
   *
   * @param at its log position
   */
  record HeldChange(RowChange change, Lsn at) {}

  HeldTransaction(int mostInMemory) {
    this.mostInMemory = mostInMemory;
  }

  void add(RowChange change, Lsn at) throws IOException {
    changes.add(new HeldChange(change, at));
    characters += change.size();
    if (changes.size() > mostInMemory || characters > MOST_CHARACTERS) {
      moveToFile();
    }
  }

  private void moveToFile() throws IOException {
    if (file == null) {
      file = new ChangeFile();
    }
    for (HeldChange change : changes) {
      file.write(change);
    }
    changes.clear();
    characters = 0;
  }

  void mark(String content) {
    marks.add(content);
  }

  /** Ends it at this position. */
  HeldTransaction endedAt(Lsn position) throws IOException {
    end = position;
    if (file != null) {
      moveToFile();
      file.rewind();
    }
    return this;
  }

  /** Returns the position behind its commit record. */
  Lsn end() {
    return end;
  }

  List<String> marks() {
    return marks;
  }

  /** Tells whether {@link #inMemory} are all of its changes. */
  boolean isInMemory() {
    return file == null;
  }

  List<HeldChange> inMemory() {
    return changes;
  }

  /** Reads the next changes of a large one that has ended; none where it has no more. */
  List<HeldChange> next() throws IOException {
    List<HeldChange> next = new ArrayList<>();
    long size = 0;
    while (file != null && next.size() < mostInMemory && size < MOST_CHARACTERS && file.hasNext()) {
      HeldChange change = file.read();
      next.add(change);
      size += change.change().size();
    }
    return next;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
