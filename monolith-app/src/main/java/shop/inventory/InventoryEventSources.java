package shop.inventory;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import shop.inbox.Sources;
import shop.outbox.EventFeed;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;

/** The events of the inventory: those that were published here, and those of the extracted service as soon as one is known. */
@ClientPart
@Component
public class InventoryEventSources implements Sources {

  private static final String MODULE = "inventory";

  private final Outboxes outboxes;
  private final HttpFeeds http;
  private final OwnedModule<Products> inventory;
  private final ObjectProvider<LocalInventory> local;

  InventoryEventSources(Outboxes outboxes, HttpFeeds http, OwnedModule<Products> inventory, ObjectProvider<LocalInventory> local) {
    this.outboxes = outboxes;
    this.http = http;
    this.inventory = inventory;
    this.local = local;
  }

  @Override
  public List<EventFeed> feeds(String reader) {
    var here = local.stream().map(l -> outboxes.of(MODULE).feed(reader));
    return Stream.concat(here, inventory.serviceUrl().stream().map((URI url) -> http.of(url, MODULE, reader))).toList();
  }
}
