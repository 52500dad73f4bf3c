package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.List;
import java.util.Optional;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The name that Spring's {@code SimpleJdbcInsert} and {@code SimpleJdbcCall} are told piece by piece, in any order:
 * {@code withSchemaName("s").withTableName("t")}. What has been said is carried along as {@code s.}, {@code t} or {@code s.t}.
 */
final class SimpleJdbc {

  private static final String INSERT = "org/springframework/jdbc/core/simple/SimpleJdbcInsert";
  private static final String CALL = "org/springframework/jdbc/core/simple/SimpleJdbcCall";

  private final MethodInsnNode call;
  private final Origin origin;

  SimpleJdbc(MethodInsnNode call, Origin origin) {
    this.call = call;
    this.origin = origin;
  }

  /** Tells whether a call says a piece of the name, or something else and gives the same object back. */
  static boolean isStep(MethodInsnNode call) {
    return (call.owner.startsWith(INSERT) || call.owner.startsWith(CALL))
        && call.name.matches("with\\w+|using\\w+|include\\w+|use\\w+|declare\\w+|returning\\w+");
  }

  /** Returns what is known of the name behind the call. */
  Fragments after(FlowValue receiver, List<? extends FlowValue> arguments) {
    Fragments before = said(receiver);
    if (isObject()) {
      return isPrefix(before) ? before.then(arguments.get(0).texts()) : arguments.get(0).texts();
    } else if (isOuter() || isInner() && !isPrefix(before)) {
      return arguments.get(0).texts().then(dot()).then(before);
    }
    return isInner() ? before.then(arguments.get(0).texts()).then(dot()) : receiver.texts();
  }

  /** Returns the whole name where this call says it, or a piece that goes before it. */
  Optional<FlowValue> named(FlowValue receiver, List<? extends FlowValue> arguments) {
    Fragments before = said(receiver);
    boolean behind = (isOuter() || isInner()) && !before.all().isEmpty() && !isPrefix(before);
    return isObject() || behind ? Optional.of(FlowValue.of(1, after(receiver, arguments))) : Optional.empty();
  }

  Meaning meaning() {
    return call.owner.startsWith(CALL) ? Meaning.ROUTINE : Meaning.TABLE_WRITE;
  }

  private static Fragments said(FlowValue receiver) {
    return receiver.texts().isKnown() ? receiver.texts() : Fragments.NONE;
  }

  private static boolean isPrefix(Fragments said) {
    return said.all().stream().anyMatch(text -> text.text().endsWith("."));
  }

  private Fragments dot() {
    return Fragments.of(new Fragment(".", origin));
  }

  private boolean isObject() {
    return call.name.matches("with(Table|Procedure|Function)Name");
  }

  /** Of a table the catalog stands first; of a routine it is Oracle's package, and stands behind the schema. */
  private boolean isOuter() {
    return call.name.equals(call.owner.startsWith(CALL) ? "withSchemaName" : "withCatalogName");
  }

  private boolean isInner() {
    return call.name.equals(call.owner.startsWith(CALL) ? "withCatalogName" : "withSchemaName");
  }
}
