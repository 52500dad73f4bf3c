package shop.users;

import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;

@Entity
@Table(schema = "public", name = "account")
public class Account {

  @Id Long id;
  String name;
}
