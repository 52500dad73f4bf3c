package shop.users;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;
import shop.owner.OwnedModules;

/** The way to the users. */
@ClientPart
@Configuration(proxyBeanMethods = false)
class UsersConfiguration {

  @Bean
  OwnedModule<UserDirectory> ownedUsers(OwnedModules modules, ObjectProvider<LocalUsers> local) {
    return modules.module("users", local, RemoteUsers::new);
  }
}
