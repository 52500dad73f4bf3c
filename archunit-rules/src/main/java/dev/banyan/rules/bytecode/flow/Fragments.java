package dev.banyan.rules.bytecode.flow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The strings that a value may be. There are never more than {@link #MOST}: what comes after that is left out, so that
 * the analysis of any method ends.
 */
record Fragments(List<Fragment> all) {

  static final int MOST = 32;

  static final Fragments NONE = new Fragments(List.of());

  Fragments {
    all = List.copyOf(all);
  }

  static Fragments of(Fragment fragment) {
    return new Fragments(List.of(fragment));
  }

  boolean isKnown() {
    return all.stream().anyMatch(fragment -> !fragment.isHole());
  }

  /** Returns what either may be. A text that only continues another one stands for both. */
  Fragments or(Fragments other) {
    if (all.containsAll(other.all) || all.size() >= MOST) {
      return this;
    }
    Set<Fragment> union = new LinkedHashSet<>(all);
    union.addAll(other.all);
    List<Fragment> kept = union.stream().filter(f -> union.stream().noneMatch(f::begins)).limit(MOST).toList();
    return kept.equals(all) ? this : new Fragments(kept);
  }

  /** Returns each of these with each of the others behind it. */
  Fragments then(Fragments next) {
    if (all.isEmpty() || next.all.isEmpty()) {
      return all.isEmpty() ? next : this;
    }
    Set<Fragment> joined = new LinkedHashSet<>();
    all.forEach(left -> next.all.forEach(right -> joined.add(left.then(right))));
    return new Fragments(new ArrayList<>(joined).subList(0, Math.min(MOST, joined.size())));
  }

  Fragments changed(UnaryOperator<String> change) {
    return new Fragments(all.stream().map(f -> new Fragment(change.apply(f.text()), f.origin())).distinct().toList());
  }

  Fragments at(Origin origin) {
    return new Fragments(all.stream().map(f -> new Fragment(f.text(), origin)).distinct().toList());
  }
}
