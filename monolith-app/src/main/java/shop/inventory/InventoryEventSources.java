package shop.inventory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;
import shop.owner.OwnedSources;

/** The events of the inventory, wherever they live. */
@ClientPart
@Component
public class InventoryEventSources extends OwnedSources {

  InventoryEventSources(OwnedModule<Products> inventory, ObjectProvider<LocalInventory> local, Outboxes outboxes, HttpFeeds http) {
    super("inventory", inventory, local, outboxes, http);
  }
}
