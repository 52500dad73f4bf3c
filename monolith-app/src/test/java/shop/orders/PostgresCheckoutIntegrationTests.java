package shop.orders;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.TestPostgres;

class PostgresCheckoutIntegrationTests extends CheckoutContract {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }
}
