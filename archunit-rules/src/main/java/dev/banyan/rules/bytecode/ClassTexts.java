package dev.banyan.rules.bytecode;

import dev.banyan.rules.bytecode.flow.StringFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.tree.FieldNode;

/**
 * Collects the strings of one class: what its code puts together, and the values of annotations. A constant field counts
 * only if no code uses its value; otherwise the use is what matters.
 */
public final class ClassTexts {

  private ClassTexts() {}

  /**
   * Returns the strings of a class, those of annotations first.
   *
   * @param elsewhere constants that other classes use, where they count
   */
  public static List<Text> of(ClassFile file, StringFlow flow, Set<String> elsewhere) {
    List<Text> texts = new ArrayList<>(AnnotationTexts.of(file));
    List<Text> made = flow.texts(file.node());
    made.stream().filter(text -> !isFieldsOwn(file, text, made)).forEach(texts::add);
    texts.addAll(unusedConstants(file, texts, elsewhere));
    return texts;
  }

  /** A constructor stores the constant of a final field, and the compiler copies it to where the field is used as well. */
  private static boolean isFieldsOwn(ClassFile file, Text text, List<Text> made) {
    return text.where().startsWith("constructor(") && file.node().fields.stream().anyMatch(field -> text.value().equals(field.value))
        && made.stream().anyMatch(other -> !other.where().equals(text.where()) && other.value().contains(text.value()));
  }

  private static List<Text> unusedConstants(ClassFile file, List<Text> texts, Set<String> elsewhere) {
    List<Text> unused = new ArrayList<>();
    if (file.node().fields.stream().noneMatch(field -> field.value instanceof String)) {
      return unused;
    }
    List<String> loaded = Constants.loadedBy(file.node());
    for (FieldNode field : file.node().fields) {
      if (field.value instanceof String constant && texts.stream().noneMatch(text -> text.value().contains(constant))
          && !elsewhere.contains(constant) && loaded.stream().noneMatch(text -> text.contains(constant))) {
        unused.add(new Text(constant, "field " + field.name, 0, Meaning.GUESS));
      }
    }
    return unused;
  }

}
