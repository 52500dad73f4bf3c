package shop.inventory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;
import shop.owner.OwnedModules;

/** The way to the inventory. */
@ClientPart
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

  @Bean
  OwnedModule<Products> ownedInventory(OwnedModules modules, ObjectProvider<LocalInventory> local) {
    return modules.module("inventory", local, RemoteInventory::new);
  }
}
