package shop.owner;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import shop.inbox.Sources;
import shop.outbox.EventFeed;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;

/** The events of a module that can leave: those that were published here, and those of the extracted service as soon as one is known. */
public abstract class OwnedSources implements Sources {

  private final String module;
  private final OwnedModule<?> owned;
  private final ObjectProvider<?> local;
  private final Outboxes outboxes;
  private final HttpFeeds http;

  /**
   * Creates the sources.
   *
   * @param module the module's name
   * @param local the module's interface in this process, if it runs here
   */
  protected OwnedSources(String module, OwnedModule<?> owned, ObjectProvider<?> local, Outboxes outboxes, HttpFeeds http) {
    this.module = module;
    this.owned = owned;
    this.local = local;
    this.outboxes = outboxes;
    this.http = http;
  }

  @Override
  public final List<EventFeed> feeds(String reader) {
    var here = local.stream().map(any -> outboxes.of(module).feed(reader));
    return Stream.concat(here, owned.serviceUrl().stream().map((URI url) -> http.of(url, module, reader))).toList();
  }
}
