package shop.users;

class H2FeedIntegrationTests extends FeedContract {}
