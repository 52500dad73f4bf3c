package dev.banyan.rules.bytecode.flow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The strings that a value may be. There are never more than {@link #MOST}, so that the analysis of any method ends: a hole
 * stands for what comes after that.
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
    if (all.containsAll(other.all) || all.size() >= MOST && all.stream().anyMatch(Fragment::isHole)) {
      return this;
    }
    Set<Fragment> union = new LinkedHashSet<>(all);
    union.addAll(other.all);
    List<Fragment> kept = union.stream().filter(f -> union.stream().noneMatch(f::begins)).toList();
    return kept.equals(all) ? this : new Fragments(limited(kept));
  }

  /** Returns each of these with each of the others behind it. */
  Fragments then(Fragments next) {
    if (all.isEmpty() || next.all.isEmpty()) {
      return all.isEmpty() ? next : this;
    }
    Set<Fragment> joined = new LinkedHashSet<>();
    all.forEach(left -> next.all.forEach(right -> joined.add(left.then(right))));
    return new Fragments(limited(new ArrayList<>(joined)));
  }

  /** What is too much to follow is not dropped: a hole stands for it. */
  private static List<Fragment> limited(List<Fragment> many) {
    if (many.size() <= MOST) {
      return many;
    }
    List<Fragment> few = new ArrayList<>(many.subList(0, MOST - 1));
    few.add(Fragment.hole(many.get(0).origin()));
    return few;
  }

  Fragments changed(UnaryOperator<String> change) {
    return new Fragments(all.stream().map(f -> new Fragment(change.apply(f.text()), f.origin())).distinct().toList());
  }

  Fragments at(Origin origin) {
    return new Fragments(all.stream().map(f -> new Fragment(f.text(), origin)).distinct().toList());
  }
}
