package shop.owner;

import dev.banyan.control.client.OwnerRecord;
import java.net.URI;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** Makes the way to a module's interface; each module asks once. */
@Component
public class OwnedModules {

  private final DataSource monolith;
  private final Environment environment;
  private final Patience patience;
  private final ObjectProvider<RestClient.Builder> http;
  private final JsonMapper json;

  OwnedModules(DataSource monolith, Environment environment, Patience patience, ObjectProvider<RestClient.Builder> http,
      JsonMapper json) {
    this.monolith = monolith;
    this.environment = environment;
    this.patience = patience;
    this.http = http;
    this.json = json;
  }

  /**
   * Returns the way to a module.
   *
   * @param module its name, in its plan and here
   * @param local its interface in this process, if it runs here
   * @param remote makes its interface over HTTP, for the address that the service listens at
   */
  public <T> OwnedModule<T> module(String module, ObjectProvider<? extends T> local, BiFunction<ServiceClient, URI, T> remote) {
    var settings = ServiceSettings.of(environment, module);
    var client = new ServiceClient(module, http.getObject(), json, settings);
    return new OwnedModule<>(module, new OwnerRecord(monolith, module, settings.ownerMaxAge()), local.getIfAvailable(),
        client, remote, settings.url(), patience);
  }
}
