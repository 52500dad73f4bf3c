package shop.inventory;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriUtils;
import shop.http.IfMatch;
import shop.inventory.Reservation.Status;
import shop.owner.Expected;
import shop.owner.ServiceClient;
import shop.problems.Problem;

/** The inventory of a service, over HTTP. Only what reads is ever repeated here. */
class RemoteInventory implements Products {

  private static final Expected<Product> PRODUCT = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<List<Product>> PRODUCTS = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<Reservation> RESERVATION = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<List<Reservation>> RESERVATIONS = Expected.of(new ParameterizedTypeReference<>() {});

  private final ServiceClient client;
  private final String root;

  RemoteInventory(ServiceClient client, URI service) {
    this.client = client;
    this.root = ServiceClient.withoutSlash(service) + "/api/v1/inventory";
  }

  @Override
  public Optional<Product> find(Sku sku) {
    return client.find(uri("/products/" + encoded(sku.value())), PRODUCT.where(product -> product.sku().equals(sku)));
  }

  @Override
  public List<Product> products(Collection<Sku> skus) {
    return skus.isEmpty() ? List.of() : client.query(uri("/products/search"), Map.of("skus", skus), PRODUCTS.where(Expected.eachOnce(Product::sku, skus::contains)));
  }

  @Override
  public List<Product> page(String after, int limit) {
    return client.get(uri("/products?after=%s&limit=%d".formatted(encoded(after), limit)), PRODUCTS.where(Expected.eachOnce(Product::sku, sku -> true)));
  }

  @Override
  public List<Reservation> reservations(Collection<Long> orderIds) {
    return orderIds.isEmpty() ? List.of() : client.get(
        uri("/reservations?orders=" + orderIds.stream().map(String::valueOf).collect(Collectors.joining(","))),
        RESERVATIONS.where(Expected.eachOnce(Reservation::orderId, orderIds::contains)));
  }

  @Override
  public Product add(NewProduct product) {
    return client.send(HttpMethod.POST, uri("/products"), product, PRODUCT.where(added -> added.sku().equals(product.sku())));
  }

  @Override
  public Product restock(Sku sku, int stock, IfMatch ifMatch) {
    return client.send(HttpMethod.PUT, uri("/products/%s/stock".formatted(encoded(sku.value()))), Map.of("stock", stock), ifMatch,
        PRODUCT.where(product -> product.sku().equals(sku)));
  }

  @Override
  public Reservation reserve(long orderId, List<Reservation.Line> lines) {
    return required(new Reservation(orderId, Status.RESERVED, Reservation.merged(lines)),
        client.send(HttpMethod.PUT, reservation(orderId), Map.of("lines", lines), RESERVATION));
  }

  @Override
  public Reservation release(long orderId) {
    var told = client.send(HttpMethod.DELETE, reservation(orderId), Map.of(), RESERVATION);
    return required(new Reservation(orderId, Status.RELEASED, told.lines()), told);
  }

  /** Whoever has asked takes money for it, or gives money back: what was done has to be what was asked for. */
  private static Reservation required(Reservation asked, Reservation told) {
    if (!told.equals(asked)) {
      throw Problem.of(HttpStatus.BAD_GATEWAY, "The service of module 'inventory' was asked for %s of order %d, and answered %s of order %d."
          .formatted(asked.status(), asked.orderId(), told.status(), told.orderId()), null);
    }
    return told;
  }

  private URI reservation(long orderId) {
    return uri("/reservations/" + orderId);
  }

  private URI uri(String rest) {
    return URI.create(root + rest);
  }

  private static String encoded(String text) {
    return UriUtils.encode(text, StandardCharsets.UTF_8);
  }
}
