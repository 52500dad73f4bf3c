package shop.orders;

import java.util.regex.Pattern;
import org.jmolecules.ddd.annotation.ValueObject;
import shop.problems.Problem;

/**
 * What tells a client's order that is sent again from a new one; header {@code Idempotency-Key}, as
 * draft-ietf-httpapi-idempotency-key-header has it: a text in double quotes. Without quotes it is taken, too.
 */
@ValueObject
record IdempotencyKey(String value) {

  private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\]){1,200})\"");
  private static final Pattern BARE = Pattern.compile("[!#-+\\--~]{1,200}");

  /**
   * Reads a header.
   *
   * @throws Problem if it has another form, such as two values
   */
  static IdempotencyKey parse(String header) {
    var text = header.strip();
    var quoted = QUOTED.matcher(text);
    if (quoted.matches()) {
      return new IdempotencyKey(quoted.group(1).replaceAll("\\\\(.)", "$1"));
    }
    if (BARE.matcher(text).matches()) {
      return new IdempotencyKey(text);
    }
    throw Problem.invalid("Header Idempotency-Key is one text of 1 to 200 printable characters in double quotes, such as \"8e03978e-40d5-43dd\".");
  }

  @Override
  public String toString() {
    return value;
  }
}
