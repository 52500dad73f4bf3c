package dev.banyan.demo.load;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the owner has acknowledged: for each account that was written, how many revisions it must have, or that it must
 * be gone. Each account is written by one writer, so there is an order.
 */
public final class Ledger {

  /** Stands for an account that was deleted. */
  public static final long GONE = -1;

  private final Map<Long, Long> revisions = new ConcurrentHashMap<>();
  private final Set<Long> deleted = ConcurrentHashMap.newKeySet();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();

  /** An account was created. */
  void created(long id) {
    revisions.put(id, 0L);
    acknowledged.incrementAndGet();
  }

  /** An account was changed once more. */
  void changed(long id) {
    revisions.merge(id, 1L, Long::sum);
    acknowledged.incrementAndGet();
  }

  /** An account is about to be deleted: from now on it may be missing. */
  void deleting(long id) {
    deleted.add(id);
  }

  /** Tells whether an account may be missing. */
  boolean isDeleted(long id) {
    return deleted.contains(id);
  }

  /** An account was deleted. */
  void deleted(long id) {
    revisions.put(id, GONE);
    acknowledged.incrementAndGet();
  }

  /** A request was not answered as it should have been. */
  void failed() {
    failed.incrementAndGet();
  }

  /** A read was answered. */
  void read() {
    reads.incrementAndGet();
  }

  /** Returns how many revisions an account must have by now. */
  long revision(long id) {
    return revisions.getOrDefault(id, 0L);
  }

  /** Returns what must be there, by account. */
  public Map<Long, Long> revisions() {
    return Map.copyOf(revisions);
  }

  /** Returns the number of writes that were acknowledged. */
  public long acknowledgedWrites() {
    return acknowledged.get();
  }

  /** Returns the number of reads that were answered. */
  public long answeredReads() {
    return reads.get();
  }

  /** Returns the number of requests, reads and writes, that were not answered as they should have been. */
  public long failedRequests() {
    return failed.get();
  }
}
