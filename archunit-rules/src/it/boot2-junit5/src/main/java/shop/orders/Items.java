package shop.orders;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface Items extends JpaRepository<Item, Long> {

  @Query("select a.name from Account a where a.id = ?1")
  String nameOf(long id);
}
