package shop.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import shop.users.Account;

@Entity
@Table(schema = "orders", name = "item")
public class Item {

  @Id Long id;
  @ManyToOne Account account;
}
