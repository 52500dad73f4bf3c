package dev.banyan.move.database;

/**
 * Where a database is and who connects.
 *
 * @param url JDBC URL
 * @param user role that connects
 * @param password its password, never printed
 */
public record DatabaseAddress(String url, String user, String password) {

  /** Returns the URL without parameters and users, which may hold secrets. */
  public String masked() {
    return url.replaceFirst("\\?.*$", "").replaceFirst("//[^/]*@", "//");
  }

  @Override
  public String toString() {
    return user + "@" + masked();
  }
}
