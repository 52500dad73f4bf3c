package dev.banyan.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;

/**
 * A rule over something else than classes, which are not looked at: it stands beside the others in a test class, is frozen like
 * them, and is looked up when it is asked for the first time.
 */
abstract class FindingsRule implements ArchRule {

  private final ArchRule rule;

  /** Creates a rule with its sentence. */
  FindingsRule(String sentence) {
    this.rule = ArchRuleDefinition.classes().should(new ArchCondition<JavaClass>(sentence) {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {}

      @Override
      public void finish(ConditionEvents events) {
        violations().forEach(finding -> events.add(SimpleConditionEvent.violated(finding, finding.message())));
      }
    }).as(sentence).allowEmptyShould(true);
  }

  /** Returns what breaks the rule. */
  public abstract List<Finding> violations();

  @Override
  public void check(JavaClasses classes) {
    rule.check(classes);
  }

  @Override
  public EvaluationResult evaluate(JavaClasses classes) {
    return rule.evaluate(classes);
  }

  @Override
  public ArchRule because(String reason) {
    return rule.because(reason);
  }

  @Override
  public ArchRule allowEmptyShould(boolean allowEmptyShould) {
    return rule.allowEmptyShould(allowEmptyShould);
  }

  @Override
  public ArchRule as(String newDescription) {
    return rule.as(newDescription);
  }

  @Override
  public String getDescription() {
    return rule.getDescription();
  }
}
