package shop.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.problems.Problem;

/** Table {@code inventory.product}. */
@Repository
class ProductTable {

  private static final String SELECT = "select sku, name, price, stock, revision from inventory.product ";

  private final JdbcClient jdbc;

  ProductTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Product> find(Sku sku) {
    return jdbc.sql(SELECT + "where sku = :sku").param("sku", sku.value()).query(ProductTable::product).optional();
  }

  List<Product> findAll(Collection<Sku> skus) {
    return skus.isEmpty() ? List.of() : jdbc.sql(SELECT + "where sku in (:skus) order by sku")
        .param("skus", skus.stream().map(Sku::value).toList()).query(ProductTable::product).list();
  }

  List<Product> page(String after, int limit) {
    return jdbc.sql(SELECT + "where sku > :after order by sku limit :limit")
        .param("after", after).param("limit", limit).query(ProductTable::product).list();
  }

  void insert(NewProduct product) {
    try {
      jdbc.sql("insert into inventory.product (sku, name, price, stock) values (:sku, :name, :price, :stock)")
          .param("sku", product.sku().value()).param("name", product.name())
          .param("price", product.price()).param("stock", product.stock()).update();
    } catch (DuplicateKeyException e) {
      throw Problem.conflict("There is a product '%s' already.".formatted(product.sku()));
    }
  }

  void restock(Sku sku, int stock) {
    jdbc.sql("update inventory.product set stock = :stock, revision = revision + 1, changes = changes + 1 where sku = :sku")
        .param("sku", sku.value()).param("stock", stock).update();
  }

  /** Returns how many changes were told of. */
  long changes(Sku sku) {
    return jdbc.sql("select changes from inventory.product where sku = :sku").param("sku", sku.value()).query(Long.class).single();
  }

  /** Takes pieces out of the stock, and tells whether there were enough. */
  boolean take(Reservation.Line line) {
    return jdbc.sql("""
            update inventory.product set stock = stock - :quantity, revision = revision + 1
            where sku = :sku and stock >= :quantity""")
        .param("sku", line.sku().value()).param("quantity", line.quantity()).update() > 0;
  }

  /** Puts pieces back into the stock, and tells whether they can be counted with what is there. */
  boolean giveBack(Reservation.Line line) {
    return jdbc.sql("""
            update inventory.product set stock = stock + :quantity, revision = revision + 1
            where sku = :sku and stock <= :most - :quantity""")
        .param("sku", line.sku().value()).param("quantity", line.quantity()).param("most", Integer.MAX_VALUE).update() > 0;
  }

  private static Product product(ResultSet row, int number) throws SQLException {
    return new Product(new Sku(row.getString("sku")), row.getString("name"), row.getBigDecimal("price"),
        row.getInt("stock"), row.getLong("revision"));
  }
}
