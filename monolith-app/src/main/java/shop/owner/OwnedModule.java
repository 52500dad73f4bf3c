package shop.owner;

import dev.banyan.control.client.Fence;
import dev.banyan.control.client.OwnerRecord;
import dev.banyan.control.client.Ownership;
import java.net.URI;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import shop.problems.Problem;

/**
 * A module's interface where the owner record says the module is: branch by abstraction.
 *
 * <p>The record may be old by a fraction of a second, so a call can arrive at a side that no longer owns. A read is
 * answered there all the same: that side's copy follows, though what is not there yet has to be asked of the owner. A write meets the fence, which aborts its transaction and so
 * leaves nothing behind; therefore it may be sent again, to the owner as the record names it then. Between the fence
 * and the new owner's word lies the switch itself, which the write waits for, within bounds.
 *
 * @param <T> the module's interface, which has an implementation in this process and one over HTTP
 */
public final class OwnedModule<T> {

  private final String module;
  private final OwnerRecord owner;
  private final @Nullable T local;
  private final ServiceClient client;
  private final BiFunction<ServiceClient, URI, T> remote;
  private final @Nullable URI url;
  private final Patience patience;

  OwnedModule(String module, OwnerRecord owner, @Nullable T local, ServiceClient client, BiFunction<ServiceClient, URI, T> remote,
      @Nullable URI url, Patience patience) {
    this.module = module;
    this.owner = owner;
    this.local = local;
    this.client = client;
    this.remote = remote;
    this.url = url;
    this.patience = patience;
  }

  /** Reads where the module is known to be. */
  public <R> R read(Function<T, R> read) {
    return read.apply(at(known(owner::current)));
  }

  /** Looks something up where the module is; what is missing there is looked up at the owner as well, if that is another by now. */
  public <R> Optional<R> find(Function<T, Optional<R>> read) {
    var asked = known(owner::current);
    return read.apply(at(asked)).or(() -> ownerSince(asked).flatMap(now -> read.apply(at(now))));
  }

  private Optional<Ownership> ownerSince(Ownership asked) {
    return Optional.of(known(owner::refresh)).filter(now -> now.owner() != asked.owner());
  }

  /** Changes something where the module is, and waits for a switch that is under way; never within a transaction. */
  public void command(Consumer<T> write) {
    this.<@Nullable Object>write(there -> {
      write.accept(there);
      return null;
    });
  }

  /** The same, for a change that answers. */
  public <R extends @Nullable Object> R write(Function<T, R> write) {
    requireNoTransaction();
    var ownership = known(owner::current);
    long deadline = patience.deadline();
    while (true) {
      try {
        return write.apply(at(ownership));
      } catch (RuntimeException e) {
        ownership = afterRefusal(ownership, e, deadline);
      }
    }
  }

  /** Returns where the module's service listens, as far as that is known, whoever owns at the moment. */
  public Optional<URI> serviceUrl() {
    return url(owner.current());
  }

  /** Asks for the owner anew. */
  public void refresh() {
    owner.refresh();
  }

  /** Returns the owner to try after the fence refused a write; any other failure goes on to the caller. */
  private Ownership afterRefusal(Ownership refused, RuntimeException e, long deadline) {
    if (!refusedByFence(e)) {
      throw e;
    }
    var now = known(owner::refresh);
    if (now.owner() != refused.owner()) {
      return now;
    }
    if (!hasRecord(now) || !patience.waitUntil(deadline)) {
      throw fenced(e);
    }
    return known(owner::refresh);
  }

  /** The database of a module that was taken out has no record: who called waits, with the record at hand. */
  private static boolean hasRecord(Ownership ownership) {
    return ownership.epoch() > 0;
  }

  private Problem fenced(RuntimeException e) {
    return Problem.fenced("Module '%s' is on its way to another owner; nothing was changed.".formatted(module), e);
  }

  private T at(Ownership ownership) {
    return local == null || ownership.isWithService()
        ? remote.apply(client, url(ownership).orElseThrow(this::addressUnknown)) : local;
  }

  private Optional<URI> url(Ownership ownership) {
    return ownership.serviceUrl().or(() -> Optional.ofNullable(url));
  }

  private Problem addressUnknown() {
    return Problem.unavailable("Module '%1$s' is owned by a service whose address is unknown. Name it as service.url in the plan, or as shop.%1$s.service.url here."
        .formatted(module), null);
  }

  private static boolean refusedByFence(RuntimeException e) {
    return Fence.raised(e) || e instanceof Problem problem && problem.isFenced();
  }

  private Ownership known(Supplier<Ownership> record) {
    try {
      return record.get();
    } catch (IllegalStateException e) {
      throw Problem.unavailable("The owner of module '%s' is not known at the moment.".formatted(module), e);
    }
  }

  private void requireNoTransaction() {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException(
          "Module '%s' cannot be changed within a transaction: call before it begins, or after it ended.".formatted(module));
    }
  }
}
