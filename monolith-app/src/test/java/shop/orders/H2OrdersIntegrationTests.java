package shop.orders;

class H2OrdersIntegrationTests extends OrdersContract {}
