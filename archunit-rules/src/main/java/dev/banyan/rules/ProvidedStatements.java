package dev.banyan.rules;

import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.Members;
import dev.banyan.rules.bytecode.Providers;
import dev.banyan.rules.bytecode.Text;
import dev.banyan.rules.bytecode.flow.StringFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.objectweb.asm.tree.ClassNode;

/** The statements that a mapper gets from a class of another module: they stand there, and the mapper sends them. */
final class ProvidedStatements {

  /**
   * One of them.
   *
   * @param where the mapper's method
   * @param home the class it stands in
   * @param text the statement
   */
  record Provided(String where, String home, Text text) {}

  private final Providers providers;
  private final StringFlow flow;
  private final SchemaOwnership ownership;

  ProvidedStatements(Providers providers, StringFlow flow, SchemaOwnership ownership) {
    this.providers = providers;
    this.flow = flow;
    this.ownership = ownership;
  }

  /** Returns what the classes of other modules provide. */
  List<Provided> of(ClassFile mapper, Optional<String> module) {
    List<Provided> provided = new ArrayList<>();
    providers.of(mapper).forEach(use -> providers.declaring(use).filter(node -> !ownership.moduleOf(name(node)).equals(module))
        .ifPresent(node -> texts(node, use.method()).forEach(text -> provided.add(new Provided(use.where(), name(node), text)))));
    return provided;
  }

  /** Returns the methods whose provider is not among the classes that were read. */
  List<Providers.Use> missing(ClassFile mapper) {
    return providers.of(mapper).stream().filter(use -> providers.declaring(use).isEmpty()).toList();
  }

  private List<Text> texts(ClassNode node, String method) {
    Set<String> members = node.methods.stream().filter(each -> each.name.equals(method)).map(each -> Members.describe(node, each)).collect(Collectors.toSet());
    List<Text> texts = new ArrayList<>(flow.texts(node).stream().filter(text -> members.contains(text.where())).toList());
    providers.madeBy(node, method).forEach(made -> texts.addAll(flow.texts(made)));
    return texts;
  }

  private static String name(ClassNode node) {
    return node.name.replace('/', '.');
  }
}
