package dev.banyan.move.stream;

import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.source.spi.DataChangeEventListener;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * The engine's own metrics, which write every change's key into a text, with a new object mapper for each: a quarter of
 * the thread that everything waits for. Nobody reads them.
 */
final class EngineMetrics {

  /** The engine keeps it to its own kin. */
  private static final MethodHandle DISPATCHER = dispatcher();

  private EngineMetrics() {}

  /** Ends them; from now on they stand still. The coordinator must be streaming already, because it begins them. */
  static void end(ChangeEventSourceCoordinator<PostgresPartition, ?> coordinator) {
    dispatcherOf(coordinator).setEventListener(DataChangeEventListener.NO_OP());
  }

  @SuppressWarnings("unchecked")
  private static EventDispatcher<PostgresPartition, ?> dispatcherOf(ChangeEventSourceCoordinator<PostgresPartition, ?> coordinator) {
    try {
      return (EventDispatcher<PostgresPartition, ?>) DISPATCHER.invoke(coordinator);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle dispatcher() {
    try {
      return MethodHandles.privateLookupIn(ChangeEventSourceCoordinator.class, MethodHandles.lookup())
          .findGetter(ChangeEventSourceCoordinator.class, "eventDispatcher", EventDispatcher.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this version of the engine has its metrics elsewhere", e);
    }
  }
}
