package dev.banyan.rules;

/** A place in code or in a file, as a reader finds it: {@code shop.orders.Report, method names()}. */
final class Member {

  private Member() {}

  /** Returns the class, or the file. */
  static String unit(String location) {
    int end = location.indexOf(", ");
    return end < 0 ? location : location.substring(0, end);
  }
}
