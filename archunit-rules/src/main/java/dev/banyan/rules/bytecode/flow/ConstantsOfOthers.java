package dev.banyan.rules.bytecode.flow;

import java.util.Optional;

/** The static fields of other classes. */
interface ConstantsOfOthers {

  /** Returns what the field may hold; nothing if its class is not there. */
  Optional<FlowValue> field(String owner, String field);

  /** Returns the table that a generated class stands for. */
  Optional<String> generatedTable(String descriptor);
}
