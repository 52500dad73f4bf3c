package dev.banyan.rules;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.freeze.ViolationStore;
import java.util.List;
import java.util.Properties;

/** What a frozen rule lets pass, for as long as a test runs. */
final class InMemoryStore implements ViolationStore {

  private List<String> violations = List.of();
  private boolean stored;

  @Override
  public void initialize(Properties properties) {}

  @Override
  public boolean contains(ArchRule rule) {
    return stored;
  }

  @Override
  public void save(ArchRule rule, List<String> found) {
    violations = List.copyOf(found);
    stored = true;
  }

  @Override
  public List<String> getViolations(ArchRule rule) {
    return violations;
  }
}
