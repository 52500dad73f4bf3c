package shop.http;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Bounds how deep a JSON value of the client's own making is nested. Jackson reads and writes 500 levels: a value that just
 * fits into a request does not fit into a list any more, and the whole list could be told to nobody.
 */
@Target({FIELD, METHOD, PARAMETER})
@Retention(RUNTIME)
@Constraint(validatedBy = MaxDepth.Validator.class)
public @interface MaxDepth {

  /** How many levels there may be; a value that is neither object nor array has none. */
  int value();

  /** What is told of one that is deeper. */
  String message() default "must not be nested deeper than {value} levels";

  /** As of every constraint. */
  Class<?>[] groups() default {};

  /** As of every constraint. */
  Class<? extends Payload>[] payload() default {};

  /** Counts levels. */
  final class Validator implements ConstraintValidator<MaxDepth, JsonNode> {

    private int most;

    @Override
    public void initialize(MaxDepth constraint) {
      most = constraint.value();
    }

    @Override
    public boolean isValid(@Nullable JsonNode value, ConstraintValidatorContext context) {
      return value == null || fits(value, most);
    }

    private static boolean fits(JsonNode node, int levels) {
      return !node.isContainer()
          || levels > 0 && StreamSupport.stream(node.values().spliterator(), false).allMatch(child -> fits(child, levels - 1));
    }
  }
}
