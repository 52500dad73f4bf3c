package shop.users;

public class Accounts {

  static final String ALL = "select id from public.account";
}
