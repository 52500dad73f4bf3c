package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** What a class learns of others: static fields, results, generated tables. */
interface ConstantsOfOthers {

  /** Returns what the field may hold; nothing if its class is not there. */
  Optional<FlowValue> field(String owner, String field);

  /** Returns the strings that a method of another class, or one that it inherits, gives back; nothing if they are not known. */
  Optional<FlowValue> returned(MethodInsnNode call);

  /** Returns what a method that was read takes its strings for, by the index of the parameter: it hands them on as they are. */
  Map<Integer, Meaning> handsOn(MethodInsnNode call);

  /** Tells whether a method belongs to another class that was read and puts statements together. */
  boolean makesStatements(MethodInsnNode call);

  /** Returns the class that declares a method, or the nearest one above it that was not read: a library's. */
  String declaring(String owner, String method, String descriptor);

  /** Returns the table that a generated class stands for. */
  Optional<String> generatedTable(String descriptor);

  /** Returns what an instruction names of other generated classes. */
  List<GeneratedObjects.Named> generated(AbstractInsnNode instruction);

  /** Tells whether what a method gives back is a statement, which a mapper sends. */
  boolean isProvider(String owner, String method);

  /** Returns the entities of the code base, and what leads from one to another. */
  EntityValues entities();
}
