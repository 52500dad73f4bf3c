package dev.banyan.rules.bytecode;

import dev.banyan.rules.sql.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Collects the strings and table mappings of one class file: constants (text blocks are such), concatenations with
 * their holes, and the values of annotations. A constant field counts only if no method of its class uses its value;
 * otherwise the use is what matters.
 */
public final class ClassTexts extends ClassVisitor {

  private static final int API = Opcodes.ASM9;

  private final List<Text> texts = new ArrayList<>();
  private final List<Text> constants = new ArrayList<>();
  private final List<Mapping> mappings = new ArrayList<>();

  private ClassTexts() {
    super(API);
  }

  /** Reads a class file. */
  public static ClassTexts of(byte[] classFile) {
    var texts = new ClassTexts();
    new ClassReader(classFile).accept(texts, ClassReader.SKIP_FRAMES);
    texts.addUnusedConstants();
    return texts;
  }

  /** Returns the strings, in the order of the class file. */
  public List<Text> texts() {
    return List.copyOf(texts);
  }

  /** Returns the mapped tables. */
  public List<Mapping> mappings() {
    return List.copyOf(mappings);
  }

  private void addUnusedConstants() {
    List<String> used = texts.stream().map(Text::value).toList();
    constants.stream().filter(constant -> !used.contains(constant.value())).forEach(texts::add);
  }

  @Override
  public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
    return new Annotation(descriptor, "its annotations");
  }

  @Override
  public FieldVisitor visitField(int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
    String where = "field " + name;
    if (value instanceof String text) {
      constants.add(new Text(text, where, 0));
    }
    return new FieldVisitor(API) {
      @Override
      public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
        return new Annotation(annotation, where);
      }
    };
  }

  @Override
  public MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
      String @Nullable [] exceptions) {
    return new Method(describe(name, descriptor));
  }

  private static String describe(String name, String descriptor) {
    List<String> parameters = new ArrayList<>();
    for (Type type : Type.getArgumentTypes(descriptor)) {
      String full = type.getClassName();
      parameters.add(full.substring(full.lastIndexOf('.') + 1));
    }
    String shown = name.equals("<init>") ? "constructor " : name.equals("<clinit>") ? "static initializer " : "method " + name;
    return name.equals("<clinit>") ? shown.strip() : shown.strip() + "(" + String.join(", ", parameters) + ")";
  }

  private final class Method extends MethodVisitor {

    private final String where;
    private int line;

    private Method(String where) {
      super(API);
      this.where = where;
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      return new Annotation(descriptor, where);
    }

    @Override
    public AnnotationVisitor visitParameterAnnotation(int parameter, String descriptor, boolean visible) {
      return new Annotation(descriptor, where);
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      line = number;
    }

    @Override
    public void visitLdcInsn(Object value) {
      if (value instanceof String text) {
        texts.add(new Text(text, where, line));
      }
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
      boolean concatenation = bootstrap.getOwner().equals("java/lang/invoke/StringConcatFactory");
      if (concatenation && arguments.length > 0 && arguments[0] instanceof String recipe) {
        texts.add(new Text(withHoles(recipe, arguments), where, line));
      }
    }

    /** In a recipe, 1 stands for what comes at run time and 2 for the next constant (StringConcatFactory's javadoc). */
    private String withHoles(String recipe, Object[] arguments) {
      var text = new StringBuilder();
      int constant = 1;
      for (char c : recipe.toCharArray()) {
        switch (c) {
          case '\1' -> text.append(TableName.HOLE);
          case '\2' -> text.append(arguments[constant++]);
          default -> text.append(c);
        }
      }
      return text.toString();
    }
  }

  /** Table mappings are known by name, so that nothing has to be linked; every other string may be SQL. */
  private final class Annotation extends AnnotationVisitor {

    private final String where;
    private final String type;
    private final boolean mapping;
    private final Map<String, String> values = new java.util.HashMap<>();

    private Annotation(String descriptor, String where) {
      super(API);
      this.where = where;
      this.type = Type.getType(descriptor).getClassName();
      this.mapping = isMapping(type);
    }

    @Override
    public void visit(@Nullable String name, Object value) {
      if (value instanceof String text) {
        values.put(String.valueOf(name), text);
        if (!mapping) {
          texts.add(new Text(text, where, 0));
        }
      }
    }

    @Override
    public AnnotationVisitor visitAnnotation(@Nullable String name, String descriptor) {
      return new Annotation(descriptor, where);
    }

    @Override
    public AnnotationVisitor visitArray(@Nullable String name) {
      Annotation outer = this;
      return new AnnotationVisitor(API) {
        @Override
        public void visit(@Nullable String unnamed, Object value) {
          outer.visit(name, value);
        }

        @Override
        public AnnotationVisitor visitAnnotation(@Nullable String unnamed, String descriptor) {
          return new Annotation(descriptor, where);
        }
      };
    }

    @Override
    public void visitEnd() {
      String table = values.getOrDefault("name", values.getOrDefault("value", ""));
      if (mapping && !table.isBlank()) {
        String schema = values.getOrDefault("schema", "");
        TableName name = schema.isBlank() ? TableName.parse(table) : TableName.of(schema, table);
        mappings.add(new Mapping(type.substring(type.lastIndexOf('.') + 1), name, where));
      }
    }

    private static boolean isMapping(String type) {
      return type.matches("(jakarta|javax)\\.persistence\\.(Table|SecondaryTable|JoinTable|CollectionTable)")
          || type.equals("org.springframework.data.relational.core.mapping.Table");
    }
  }
}
