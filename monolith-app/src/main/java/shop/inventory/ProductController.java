package shop.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** REST resource {@code /api/v1/inventory/products}. */
@RestController
@RequestMapping("/api/v1/inventory/products")
class ProductController {

  private final Stock stock;

  ProductController(Stock stock) {
    this.stock = stock;
  }

  record Count(@NotNull @PositiveOrZero Integer stock) {}

  @GetMapping
  List<Product> page(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return stock.page(after, limit);
  }

  @GetMapping("/{sku}")
  Product find(@PathVariable String sku) {
    var wanted = new Sku(sku);
    return stock.find(wanted).orElseThrow(() -> Stock.missing(wanted));
  }

  @PostMapping
  ResponseEntity<Product> add(@Valid @RequestBody Product product) {
    stock.add(product);
    var path = "/api/v1/inventory/products/" + UriUtils.encodePathSegment(product.sku().value(), "UTF-8");
    return ResponseEntity.created(URI.create(path)).body(product);
  }

  @PutMapping("/{sku}/stock")
  Product restock(@PathVariable String sku, @Valid @RequestBody Count count) {
    return stock.restock(new Sku(sku), count.stock());
  }
}
