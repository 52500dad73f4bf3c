package shop.http;

import java.io.DataInput;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import shop.problems.Problem;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * Reads JSON whose texts, names and numbers can be stored as they are. JSON allows three things that no database here
 * keeps and gives back: half of a surrogate pair, which becomes a question mark on its way there, U+0000, and numbers of
 * more digits than are read again ({@code 1e5000}). Looked at while it is parsed, so that it
 * is told before anything is done, whatever the text becomes part of. A name that comes twice in an object is refused as
 * well (section 4): whoever looked at the first value on the way has seen another one than is acted upon.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-8.2">RFC 8259, section 8.2</a>
 */
final class StorableJson extends JsonFactory {

  StorableJson(JsonFactoryBuilder builder) {
    super(builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, InputStream json) {
    return new Checked(super._createParser(context, io, json));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, Reader json) {
    return new Checked(super._createParser(context, io, json));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, char[] json, int offset, int length, boolean recyclable) {
    return new Checked(super._createParser(context, io, json, offset, length, recyclable));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, byte[] json, int offset, int length) {
    return new Checked(super._createParser(context, io, json, offset, length));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, DataInput json) {
    return new Checked(super._createParser(context, io, json));
  }

  /** Looks at each token that is a text, by whichever way the reader comes to it. */
  private static final class Checked extends JsonParserDelegate {

    Checked(JsonParser parser) {
      super(parser);
    }

    @Override
    public @Nullable JsonToken nextToken() {
      var token = super.nextToken();
      check();
      return token;
    }

    @Override
    public @Nullable JsonToken nextValue() {
      // Passes over a name.
      nextToken();
      return currentToken() == JsonToken.PROPERTY_NAME ? nextToken() : currentToken();
    }

    @Override
    public @Nullable String nextName() {
      var name = super.nextName();
      check();
      return name;
    }

    @Override
    public boolean nextName(SerializableString name) {
      boolean same = super.nextName(name);
      check();
      return same;
    }

    @Override
    public int nextNameMatch(PropertyNameMatcher matcher) {
      int match = super.nextNameMatch(matcher);
      check();
      return match;
    }

    private void check() {
      if (currentToken() == JsonToken.PROPERTY_NAME) {
        check("A name in the JSON text", currentName());
      } else if (currentToken() == JsonToken.VALUE_STRING) {
        check("The text at '%s'".formatted(streamReadContext().pathAsPointer()), getString());
      } else if (currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
        checkDigits(getString());
      }
    }

    /** A database writes numbers out, and what it has written is read by this very parser. */
    private void checkDigits(String number) {
      int most = streamReadConstraints().getMaxNumberLength();
      if ((number.indexOf('e') >= 0 || number.indexOf('E') >= 0) && digits(number) > most) {
        throw refusal("The number at '%s' has more than %d digits when it is written out, which cannot be read again."
            .formatted(streamReadContext().pathAsPointer(), most));
      }
    }

    private static long digits(String number) {
      try {
        var decimal = new BigDecimal(number);
        return Math.max(decimal.precision(), Math.max((long) decimal.precision() - decimal.scale(), decimal.scale() + 1L));
      } catch (NumberFormatException e) {
        return Long.MAX_VALUE;
      }
    }

    private void check(String what, String text) {
      if (text.indexOf('\0') >= 0) {
        throw refusal(what + " holds U+0000, which the database does not store.");
      }
      if (text.codePoints().anyMatch(Checked::isHalfOfAPair)) {
        throw refusal(what + " holds half of a surrogate pair, which is no character and cannot be stored.");
      }
    }

    /** Of whole pairs a text tells the character, not the halves. */
    private static boolean isHalfOfAPair(int codePoint) {
      return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private StreamReadException refusal(String detail) {
      return new StreamReadException(this, detail, Problem.invalid(detail));
    }
  }
}
