package dev.banyan.proxy.feed;

/**
 * Where the control tables are.
 *
 * @param url of the monolith's database, {@code jdbc:postgresql://…}
 * @param user who may read the routes and write the rows of proxies
 * @param password never shown
 */
public record ControlAddress(String url, String user, String password) {

  /** Returns the address without the password. */
  @Override
  public String toString() {
    return user + " at " + url.replaceAll("\\?.*", "");
  }
}
