package shop.users;

class H2UsersIntegrationTests extends UsersContract {}
