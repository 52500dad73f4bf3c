package shop.orders;

import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.ManyToOne;
import javax.persistence.Table;
import shop.users.Account;

@Entity
@Table(schema = "orders", name = "item")
public class Item {

  @Id Long id;
  @ManyToOne Account account;
}
