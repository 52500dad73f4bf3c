package shop;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with {@code shop.modules} and what to do, in the place of a stack trace. */
class UnusableModulesAnalyzer extends AbstractFailureAnalyzer<UnusableModulesException> {

  @Override
  protected FailureAnalysis analyze(Throwable failure, UnusableModulesException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), failure);
  }
}
