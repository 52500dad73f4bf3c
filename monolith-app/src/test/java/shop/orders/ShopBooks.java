package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What must hold over the tables of all modules when nothing is under way: no money without goods, no goods without money. */
final class ShopBooks {

  private final JdbcClient jdbc;
  private final Map<String, Integer> supplied;

  /** Opens the books before any order. */
  ShopBooks(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.supplied = jdbc.sql("""
        select p.sku, p.stock + coalesce(sum(case when r.status = 'RESERVED' then l.quantity end), 0) as pieces
        from inventory.product p left join inventory.reservation_line l on l.sku = p.sku
        left join inventory.reservation r on r.order_id = l.order_id group by p.sku, p.stock""")
        .query((row, n) -> Map.entry(row.getString(1), row.getInt(2))).list().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Tells whether a checkout is under way. */
  boolean areOpen() {
    return !wrong("select order_id from orders.checkout where state not in ('COMPLETED', 'REJECTED') or due_at is not null").isEmpty();
  }

  void expectRight() {
    expectNone("orders without an end", "select id from orders.orders where status = 'PENDING'");
    expectNone("orders that do not say what their checkout says", """
        select o.id from orders.orders o left join orders.checkout c on c.order_id = o.id
        where not coalesce((o.status = 'CONFIRMED' and c.state = 'COMPLETED') or (o.status = 'REJECTED' and c.state = 'REJECTED'), false)""");
    expectNone("confirmed orders that are not paid", """
        select o.id from orders.orders o left join payments.payment p on p.order_id = o.id
        where o.status = 'CONFIRMED' and not coalesce(p.status in ('CAPTURED', 'REFUNDED') and p.amount = o.total, false)""");
    expectNone("rejected orders that cost something", """
        select o.id from orders.orders o join payments.payment p on p.order_id = o.id
        where o.status = 'REJECTED' and p.status <> 'VOIDED'""");
    expectNone("confirmed orders without their goods", """
        select o.id from orders.orders o where o.status = 'CONFIRMED' and (
          not exists (select * from inventory.reservation r where r.order_id = o.id and r.status = 'RESERVED')
          or (select sum(quantity) from orders.order_line l where l.order_id = o.id)
            <> (select sum(quantity) from inventory.reservation_line l where l.order_id = o.id))""");
    expectNone("rejected orders with goods", """
        select o.id from orders.orders o join inventory.reservation r on r.order_id = o.id
        where o.status = 'REJECTED' and r.status <> 'RELEASED'""");
    expectNone("payments and reservations of no order", """
        select order_id from payments.payment where order_id not in (select id from orders.orders)
        union all select order_id from inventory.reservation where order_id not in (select id from orders.orders)""");
    expectNone("events that were told twice, or not at all", """
        select o.id from orders.orders o where 2 <> (
          select count(distinct version) + 10 * (count(*) - count(distinct version)) from orders.outbox e
          where e.aggregate = cast(o.id as varchar))""");
    assertThat(new ShopBooks(jdbc).supplied).as("pieces in stock and reserved").isEqualTo(supplied);
  }

  private void expectNone(String what, String sql) {
    assertThat(wrong(sql)).as(what).isEmpty();
  }

  private List<Long> wrong(String sql) {
    return jdbc.sql(sql).query(Long.class).list();
  }
}
