package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import dev.banyan.rules.sql.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Where the entities of one method go: to what reads or changes their tables, or over their associations to others. */
final class EntityConsumption {

  private static final Type OBJECT = Type.getType(Object.class);

  private final ClassFlow owner;
  private final MethodFlow flow;

  EntityConsumption(ClassFlow owner, MethodFlow flow) {
    this.owner = owner;
    this.flow = flow;
  }

  /** {@code QOrder.order}, {@code QOrder.order.customer.name}. */
  void field(FieldInsnNode field, FlowValue holder) {
    if (owner.entities().isEmpty()) {
      return;
    }
    flow.generatedEntity(field).ifPresent(entity -> owner.consume(new Fragment(entity, flow.origin(field)), Meaning.ENTITY_READ));
    String path = flow.field(field, holder).path();
    if (EntityValues.isLong(path)) {
      owner.consume(new Fragment(String.valueOf(path), flow.origin(field)), Meaning.ENTITY_PATH);
    }
  }

  void call(MethodInsnNode call, List<FlowValue> all, List<FlowValue> arguments) {
    if (EntityValues.isStep(call)) {
      step(call, all);
    } else if (Sinks.joinsPath(call.owner, call.name) && !arguments.isEmpty()) {
      joined(call, arguments.get(0));
    } else if (Sinks.writesGenerated(call.owner, call.name) && !arguments.isEmpty()) {
      written(call, arguments.get(0));
    }
    object(call, arguments);
  }

  /** {@code root.join("customer")}, {@code root.get("customer").get("name")}. */
  private void step(MethodInsnNode call, List<FlowValue> all) {
    String path = flow.withPath(MethodFlow.UNKNOWN, call, all).path();
    if (path != null && (path.endsWith("+") || EntityValues.isLong(path))) {
      owner.consume(new Fragment(path, flow.origin(call)), Meaning.ENTITY_PATH);
    } else if (path == null && EntityValues.isJoin(call)) {
      String attribute = EntityValues.attribute(all);
      owner.consume(new Fragment(attribute == null ? TableName.HOLE : "#" + attribute + "+", flow.origin(call)), Meaning.ENTITY_PATH);
    }
  }

  private void joined(MethodInsnNode call, FlowValue target) {
    if (target.path() != null && !target.path().endsWith("#")) {
      owner.consume(new Fragment(target.path() + "+", flow.origin(call)), Meaning.ENTITY_PATH);
    }
  }

  private void written(MethodInsnNode call, FlowValue generated) {
    String path = generated.path();
    if (path != null && path.endsWith("#")) {
      Fragment entity = generated.texts().all().stream().filter(text -> !text.isHole() && !text.text().isEmpty()).findFirst()
          .orElseGet(() -> new Fragment(className(path), flow.origin(call)));
      owner.consume(entity, Meaning.ENTITY_WRITE);
    }
  }

  /** {@code persist(account)}: what has a class of its own takes that. */
  private void object(MethodInsnNode call, List<FlowValue> arguments) {
    List<Type> types = Arrays.asList(Type.getArgumentTypes(call.desc));
    int index = types.indexOf(OBJECT);
    if (index >= 0 && !types.contains(Type.getType(Class.class))) {
      Sinks.meaningOfObject(call.owner, call.name)
          .ifPresent(meaning -> taken(arguments.get(index).path(), flow.origin(call), meaning));
    }
  }

  private void taken(@Nullable String path, Origin origin, Meaning meaning) {
    owner.consume(path != null && path.endsWith("#") ? new Fragment(className(path), origin) : Fragment.hole(origin), meaning);
  }

  /** {@code accounts.forEach(entities::remove)}. */
  void handle(InvokeDynamicInsnNode dynamic) {
    if (dynamic.bsmArgs.length > 2 && dynamic.bsmArgs[1] instanceof Handle body && dynamic.bsmArgs[2] instanceof Type taking
        && owner.entities().isPresent() && taking.getArgumentTypes().length > 0) {
      Optional<Meaning> meaning = Sinks.meaningOfObject(body.getOwner(), body.getName());
      String path = flow.withPath(MethodFlow.UNKNOWN, taking.getArgumentTypes()[0]).path();
      meaning.ifPresent(each -> taken(path, flow.origin(dynamic), each));
    }
  }

  private static String className(String path) {
    return path.substring(0, path.length() - 1);
  }
}
