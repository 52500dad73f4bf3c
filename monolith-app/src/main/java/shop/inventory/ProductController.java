package shop.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;
import shop.http.IfMatch;
import shop.http.Revision;
import shop.problems.Problem;

/** REST resource {@code /api/v1/inventory/products}. */
@RestController
@RequestMapping("/api/v1/inventory/products")
class ProductController {

  private final Products products;

  ProductController(Products products) {
    this.products = products;
  }

  record Count(@NotNull @PositiveOrZero Integer stock) {}

  record Search(@NotNull @Size(max = 100) List<@NotNull Sku> skus) {}

  @GetMapping
  List<Product> page(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return products.page(after, limit);
  }

  @GetMapping("/{sku}")
  ResponseEntity<Product> find(@PathVariable Sku sku) {
    return tagged(products.find(sku).orElseThrow(() -> LocalInventory.missing(sku)));
  }

  @PostMapping("/search")
  List<Product> search(@Valid @RequestBody Search search) {
    return products.products(search.skus());
  }

  @PostMapping
  ResponseEntity<Product> add(@Valid @RequestBody NewProduct product) {
    requireAddressable(product.sku());
    var added = products.add(product);
    // Also what a segment may have: behind a semicolon comes a parameter, and no name.
    var path = "/api/v1/inventory/products/" + UriUtils.encode(added.sku().value(), StandardCharsets.UTF_8);
    return ResponseEntity.created(URI.create(path)).body(added);
  }

  /** No container lets these through in one segment of a path, however they are encoded: the product would be out of reach. */
  private static void requireAddressable(Sku sku) {
    if (sku.value().matches("\\.{1,2}|.*[/\\\\\\p{Cntrl}].*")) {
      throw Problem.invalid("SKU '%s' cannot be part of a path: it is . or .., or has a slash, a backslash or a control character.".formatted(sku));
    }
  }

  @PutMapping("/{sku}/stock")
  ResponseEntity<Product> restock(@PathVariable Sku sku, @Valid @RequestBody Count count,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    return tagged(products.restock(sku, count.stock(), IfMatch.parse(ifMatch)));
  }

  private static ResponseEntity<Product> tagged(Product product) {
    return ResponseEntity.ok().eTag(Revision.tag(product.revision())).body(product);
  }
}
