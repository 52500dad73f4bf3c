package shop.users;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(schema = "public", name = "account")
public class Account {

  @Id Long id;
  String name;
}
