package dev.banyan.bench.rules;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What is left of the heap after full collections: what a program holds, without the garbage that nobody has needed to collect. */
final class LiveSet {

  private final AtomicLong most = new AtomicLong();
  private final Set<String> heap = ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
      .map(MemoryPoolMXBean::getName).collect(Collectors.toSet());

  /** Begins to watch the collections of this process. */
  static LiveSet watched() {
    var live = new LiveSet();
    ManagementFactory.getGarbageCollectorMXBeans().stream().filter(NotificationEmitter.class::isInstance).map(NotificationEmitter.class::cast)
        .forEach(emitter -> emitter.addNotificationListener((notification, with) -> {
          if (notification.getUserData() instanceof CompositeData data) {
            live.collected(GarbageCollectionNotificationInfo.from(data));
          }
        }, null, null));
    return live;
  }

  private void collected(GarbageCollectionNotificationInfo collection) {
    if (collection.getGcAction().contains("major")) {
      long left = collection.getGcInfo().getMemoryUsageAfterGc().entrySet().stream().filter(pool -> heap.contains(pool.getKey()))
          .map(Map.Entry::getValue).mapToLong(MemoryUsage::getUsed).sum();
      most.accumulateAndGet(left, Math::max);
    }
  }

  /** Returns the largest so far, in megabytes; 0 if nothing had to be collected. */
  double megabytes() {
    return most.get() / 1048576.0;
  }
}
