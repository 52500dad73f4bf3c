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
 * Bounds a JSON value of the client's own making by what a list of such values can hold. Jackson reads and writes 500
 * levels: a value that just fits into a request does not fit into a list any more, and the whole list could be told to
 * nobody; and 500 values that each are as long as a request may be are more than a process has memory.
 */
@Target({FIELD, METHOD, PARAMETER})
@Retention(RUNTIME)
@Constraint(validatedBy = Modest.Validator.class)
public @interface Modest {

  /** How many levels there may be; a value that is neither object nor array has none. */
  int levels();

  /** How long its text may be, without blanks. */
  int characters();

  /** What is told of one that is deeper or longer. */
  String message() default "must not have more than {levels} levels or {characters} characters";

  /** As of every constraint. */
  Class<?>[] groups() default {};

  /** As of every constraint. */
  Class<? extends Payload>[] payload() default {};

  /** Counts levels and characters. */
  final class Validator implements ConstraintValidator<Modest, JsonNode> {

    private int levels;
    private int characters;

    @Override
    public void initialize(Modest constraint) {
      levels = constraint.levels();
      characters = constraint.characters();
    }

    @Override
    public boolean isValid(@Nullable JsonNode value, ConstraintValidatorContext context) {
      return value == null || isShallow(value, levels) && value.toString().length() <= characters;
    }

    private static boolean isShallow(JsonNode node, int levels) {
      return !node.isContainer()
          || levels > 0 && StreamSupport.stream(node.values().spliterator(), false).allMatch(child -> isShallow(child, levels - 1));
    }
  }
}
