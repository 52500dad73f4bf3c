package dev.banyan.move.stream;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * Turns every value that the connector decoded back into a text that PostgreSQL reads as the same value.
 *
 * <p>The connector's own conversions are made for consumers that are not PostgreSQL and lose what those cannot hold:
 * months in intervals, NaN, unchanged TOASTed values. A converter registered for every column replaces them all.
 * Instantiated by the engine by name.
 */
public final class ExactText implements CustomConverter<SchemaBuilder, RelationalColumn> {

  /** Parameter of every column's schema that tells its table. */
  static final String TABLE = "table";

  // Years with more than four digits are written as they are, without the sign that ISO 8601 wants.
  private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
      .appendValue(ChronoField.YEAR_OF_ERA, 4, 9, SignStyle.NEVER)
      .appendPattern("-MM-dd").toFormatter();
  private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
      .appendPattern("HH:mm:ss").appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true).toFormatter();

  @Override
  public void configure(Properties properties) {
    // There is nothing to choose.
  }

  @Override
  public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    registration.register(SchemaBuilder.string().optional().parameter(TABLE, column.dataCollection()), ExactText::text);
  }

  static @Nullable String text(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) {
      return RowChange.UNCHANGED;
    }
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof SpecialValueDecimal decimal) {
      return decimal(decimal);
    }
    if (value instanceof PGobject object) {
      return object.getValue();
    }
    return value instanceof TemporalAccessor temporal ? temporal(temporal) : value.toString();
  }

  private static String decimal(SpecialValueDecimal decimal) {
    return decimal.getDecimalValue().map(BigDecimal::toPlainString)
        .orElseGet(() -> Double.toString(decimal.toDouble()));
  }

  private static String temporal(TemporalAccessor value) {
    if (value.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)
        || value.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)
        || value.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) {
      return "infinity";
    }
    if (value.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)
        || value.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)
        || value.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)) {
      return "-infinity";
    }
    if (value instanceof LocalDate date) {
      return DATE.format(date) + era(date);
    }
    if (value instanceof LocalTime time) {
      return TIME.format(time);
    }
    if (value instanceof OffsetTime time) {
      return TIME.format(time) + offset(time.getOffset());
    }
    return timestamp(value);
  }

  private static String timestamp(TemporalAccessor value) {
    if (value instanceof Instant instant) {
      return local(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), "");
    }
    if (value instanceof OffsetDateTime moment) {
      return local(moment.toLocalDateTime(), offset(moment.getOffset()));
    }
    return value instanceof LocalDateTime moment ? local(moment, "") : value.toString();
  }

  private static String local(LocalDateTime moment, String offset) {
    return DATE.format(moment) + " " + TIME.format(moment) + offset + era(moment.toLocalDate());
  }

  private static String offset(ZoneOffset offset) {
    return Optional.of(offset.getId()).filter(id -> !id.equals("Z")).orElse("+00");
  }

  private static String era(LocalDate date) {
    return date.getEra() == IsoEra.BCE ? " BC" : "";
  }
}
