package dev.banyan.rules.runtime;

import dev.banyan.rules.SchemaOwnership;
import java.lang.StackWalker.StackFrame;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which module a call comes from, by the stack. */
final class Attribution {

  /** The nearest frame of a module. */
  record Caller(String module, String location, String source, int line) {}

  private final SchemaOwnership ownership;
  private final Map<String, Optional<String>> modules = new ConcurrentHashMap<>();

  Attribution(SchemaOwnership ownership) {
    this.ownership = ownership;
  }

  Optional<Caller> caller() {
    return StackWalker.getInstance().walk(frames -> frames.filter(frame -> moduleOf(frame).isPresent()).findFirst())
        .flatMap(frame -> moduleOf(frame).map(module -> new Caller(module, "%s, method %s".formatted(frame.getClassName(), frame.getMethodName()),
            frame.getFileName() + ":" + frame.getLineNumber(), frame.getLineNumber())));
  }

  private Optional<String> moduleOf(StackFrame frame) {
    String name = frame.getClassName();
    Optional<String> known = modules.get(name);
    if (known != null) {
      return known;
    }
    Optional<String> module = ownership.moduleOf(name);
    if (SchemaGuard.hasRoom(modules)) {
      modules.put(name, module);
    }
    return module;
  }
}
