package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.List;
import java.util.Optional;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The name that Spring's {@code SimpleJdbcInsert} and {@code SimpleJdbcCall} are told piece by piece, in any order:
 * {@code withSchemaName("s").withTableName("t")}, or {@code setSchemaName("s")} on a line of its own. What has been said is carried
 * along as {@code s.}, {@code t} or {@code s.t}, for as long as the object is one that the method has made.
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
    return isOfLibrary(call.owner) && call.name.matches("with\\w+|using\\w+|include\\w+|use\\w+|declare\\w+|returning\\w+");
  }

  /** Tells whether a call says a piece of the name, by whichever of both ways. */
  static boolean isNaming(MethodInsnNode call) {
    return isStep(call) || isOfLibrary(call.owner) && call.name.matches("set(Schema|Catalog|Table|Procedure|Function)Name");
  }

  /** Tells whether an object of this type is told its name in pieces. */
  static boolean isOfLibrary(String type) {
    return type.startsWith(INSERT) || type.startsWith(CALL);
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

  /**
   * Returns the schema and a hole, where a line of its own says the schema of an object that came from elsewhere: what that is told
   * in other lines is not followed, and so whatever it names is listed, or found where the whole schema is another module's.
   */
  Optional<FlowValue> ofObjectFromElsewhere(FlowValue receiver, List<? extends FlowValue> arguments) {
    boolean schema = piece().equals("SchemaName") || piece().equals("CatalogName");
    boolean alone = call.desc.endsWith(")V") || call.getNext() != null && call.getNext().getOpcode() == Opcodes.POP;
    return schema && alone && receiver.site() == null
        ? Optional.of(FlowValue.of(1, arguments.get(0).texts().then(dot()).then(Fragments.of(Fragment.hole(origin))))) : Optional.empty();
  }

  private String piece() {
    return call.name.replaceFirst("^(with|set)", "");
  }

  Meaning meaning() {
    return call.owner.startsWith(CALL) ? Meaning.ROUTINE : Meaning.TABLE_WRITE;
  }

  private static Fragments said(FlowValue receiver) {
    boolean nothing = receiver.texts().all().stream().allMatch(text -> text.text().isEmpty());
    return receiver.texts().isKnown() && !nothing ? receiver.texts() : Fragments.NONE;
  }

  private static boolean isPrefix(Fragments said) {
    return said.all().stream().anyMatch(text -> text.text().endsWith("."));
  }

  private Fragments dot() {
    return Fragments.of(new Fragment(".", origin));
  }

  private boolean isObject() {
    return piece().matches("(Table|Procedure|Function)Name");
  }

  /** Of a table the catalog stands first; of a routine it is Oracle's package, and stands behind the schema. */
  private boolean isOuter() {
    return piece().equals(call.owner.startsWith(CALL) ? "SchemaName" : "CatalogName");
  }

  private boolean isInner() {
    return piece().equals(call.owner.startsWith(CALL) ? "CatalogName" : "SchemaName");
  }
}
