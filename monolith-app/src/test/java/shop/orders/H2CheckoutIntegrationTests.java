package shop.orders;

class H2CheckoutIntegrationTests extends CheckoutContract {}
