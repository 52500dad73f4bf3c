package shop.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.problems.Problem;

/** Table {@code inventory.product}. */
@Service
class Stock implements Inventory {

  private final JdbcClient jdbc;

  Stock(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  @Transactional
  public Reservation reserve(Sku sku, int quantity) {
    var product = find(sku).orElseThrow(() -> missing(sku));
    int taken = jdbc.sql("""
            update inventory.product set stock = stock - :quantity
            where sku = :sku and stock >= :quantity""")
        .param("sku", sku.value()).param("quantity", quantity).update();
    if (taken == 0) {
      throw Problem.conflict("Product '%s' has fewer than %d pieces left.".formatted(sku, quantity));
    }
    return new Reservation(sku, quantity, product.price());
  }

  Optional<Product> find(Sku sku) {
    return jdbc.sql("select sku, name, price, stock from inventory.product where sku = :sku")
        .param("sku", sku.value()).query(Stock::product).optional();
  }

  List<Product> page(String after, int limit) {
    return jdbc.sql("select sku, name, price, stock from inventory.product where sku > :after order by sku limit :limit")
        .param("after", after).param("limit", limit).query(Stock::product).list();
  }

  void add(Product product) {
    try {
      jdbc.sql("insert into inventory.product (sku, name, price, stock) values (:sku, :name, :price, :stock)")
          .param("sku", product.sku().value()).param("name", product.name())
          .param("price", product.price()).param("stock", product.stock()).update();
    } catch (DuplicateKeyException e) {
      throw Problem.conflict("There is a product '%s' already.".formatted(product.sku()));
    }
  }

  Product restock(Sku sku, int stock) {
    jdbc.sql("update inventory.product set stock = :stock where sku = :sku")
        .param("sku", sku.value()).param("stock", stock).update();
    return find(sku).orElseThrow(() -> missing(sku));
  }

  static Problem missing(Sku sku) {
    return Problem.notFound("There is no product '%s'.".formatted(sku));
  }

  private static Product product(ResultSet row, int number) throws SQLException {
    return new Product(new Sku(row.getString("sku")), row.getString("name"), row.getBigDecimal("price"),
        row.getInt("stock"));
  }
}
