package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.sql.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** What the methods of strings and lists give back. */
final class StringCalls {

  private static final String STRING = "java/lang/String";
  /** A format specifier, as {@link java.util.Formatter} defines it. */
  private static final Pattern SPECIFIER = Pattern.compile("%(?:(\\d+)\\$)?[-#+ 0,(<]*\\d*(?:\\.\\d+)?([a-zA-Z%])");
  private static final Map<String, UnaryOperator<String>> CHANGES = Map.of("strip", String::strip, "trim", String::strip,
      "stripIndent", String::stripIndent, "toLowerCase", UnaryOperator.identity(), "toUpperCase", UnaryOperator.identity(),
      "intern", UnaryOperator.identity(), "toString", UnaryOperator.identity(), "translateEscapes", UnaryOperator.identity(),
      "stripTrailing", String::stripTrailing, "stripLeading", String::stripLeading);
  /** What these give back is not followed, so the text is read before. */
  private static final Set<String> LOSING = Set.of("replaceAll", "replaceFirst", "split", "lines", "substring", "repeat", "indent",
      "toCharArray", "getBytes", "chars", "transform");
  private static final Set<String> LISTS = Set.of("java/util/List.of", "java/util/Arrays.asList", "java/util/Set.of",
      "java/util/List.copyOf", "java/util/stream/Stream.of");

  private final Origin origin;

  StringCalls(Origin origin) {
    this.origin = origin;
  }

  /** Returns the value of a call of which something is known; nothing for calls that only take strings. */
  Optional<FlowValue> call(MethodInsnNode call, List<? extends FlowValue> values) {
    String method = call.owner + "." + call.name;
    if (LISTS.contains(method)) {
      return Optional.of(list(call, values));
    }
    if (method.equals("org/jooq/impl/DSL.name")) {
      return Optional.of(values.get(0).elements().isEmpty() ? values.get(0).asText()
          : join(List.of(FlowValue.text(new Fragment(".", origin)), values.get(0))));
    }
    if (SimpleJdbc.isStep(call)) {
      return Optional.of(FlowValue.of(1, new SimpleJdbc(call, origin).after(values.get(0), values.subList(1, values.size()))));
    }
    if (method.equals("java/util/stream/Collectors.joining")) {
      return Optional.of(values.isEmpty() ? FlowValue.text(new Fragment("", origin)) : values.size() == 1 ? values.get(0) : unknown());
    }
    if (method.equals("java/util/stream/Stream.collect") && values.size() == 2 && !values.get(0).elements().isEmpty()) {
      return Optional.of(join(List.of(values.get(1), values.get(0))));
    }
    if (call.owner.equals("java/lang/Class") && (call.name.equals("getSimpleName") || call.name.equals("getName"))) {
      return Optional.of(FlowValue.of(1, values.get(0).texts().changed(name -> call.name.equals("getName") ? name : simple(name))));
    }
    if (Builders.isBuilder(call.owner) && call.name.equals("toString")) {
      return Optional.of(values.get(0).asText());
    }
    return call.owner.equals(STRING) || method.equals("java/lang/Object.toString") ? Optional.of(string(call, values)) : Optional.empty();
  }

  /** Tells whether a call makes something of a string that is not followed. */
  static boolean losesText(MethodInsnNode call) {
    return call.owner.equals(STRING) && LOSING.contains(call.name);
  }

  private static String simple(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  private FlowValue string(MethodInsnNode call, List<? extends FlowValue> values) {
    UnaryOperator<String> change = CHANGES.get(call.name);
    if (change != null) {
      return FlowValue.of(1, values.get(0).texts().changed(change));
    }
    return switch (call.name) {
      case "valueOf", "copyValueOf" -> values.get(0).asText();
      case "concat" -> concat(call, values);
      case "format" -> format(values.get(values.size() - 2), values.get(values.size() - 1));
      case "formatted" -> format(values.get(0), values.get(1));
      case "join" -> join(values);
      case "replace" -> replace(values);
      default -> unknown();
    };
  }

  private FlowValue list(MethodInsnNode call, List<? extends FlowValue> values) {
    if (values.size() == 1 && !values.get(0).elements().isEmpty()) {
      return values.get(0);
    }
    FlowValue list = unknown().withSite(call);
    for (int i = 0; i < values.size(); i++) {
      list = list.withElement(i, values.get(i));
    }
    return list;
  }

  /** Joins values at one instruction; in a loop it adds no more than a hole. */
  FlowValue concat(Object by, List<? extends FlowValue> values) {
    Optional<? extends FlowValue> looping = values.stream().filter(value -> value.made().contains(by)).findFirst();
    if (looping.isPresent()) {
      return looping.get().asText().withTexts(looping.get().texts().then(unknown().texts()), by);
    }
    FlowValue joined = FlowValue.of(1, Fragments.of(new Fragment("", origin)));
    for (FlowValue value : values) {
      Set<Object> makers = value.made();
      joined = joined.withTexts(joined.texts().then(value.texts()), by);
      for (Object maker : makers) {
        joined = joined.withTexts(joined.texts(), maker);
      }
    }
    return joined;
  }

  /** In a recipe, 1 stands for an argument and 2 for the next constant (StringConcatFactory's javadoc). */
  FlowValue recipe(InvokeDynamicInsnNode concat, List<? extends FlowValue> values) {
    if (!concat.name.equals("makeConcatWithConstants") || !(concat.bsmArgs[0] instanceof String recipe)) {
      return concat(concat, values);
    }
    List<FlowValue> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int argument = 0;
    int constant = 1;
    for (char c : recipe.toCharArray()) {
      if (c == '\1') {
        parts.add(literal(literal));
        parts.add(values.get(argument++));
      } else {
        literal.append(c == '\2' ? String.valueOf(concat.bsmArgs[constant++]) : c);
      }
    }
    parts.add(literal(literal));
    return concat(concat, parts.stream().filter(part -> !part.texts().all().equals(List.of(new Fragment("", origin)))).toList());
  }

  private FlowValue literal(StringBuilder literal) {
    FlowValue value = FlowValue.text(new Fragment(literal.toString(), origin));
    literal.setLength(0);
    return value;
  }

  private FlowValue format(FlowValue format, FlowValue arguments) {
    Fragments made = Fragments.NONE;
    for (Fragment each : format.texts().all()) {
      made = made.or(formatted(each, arguments.elements()));
    }
    return FlowValue.of(1, made);
  }

  private Fragments formatted(Fragment format, Map<Integer, FlowValue> arguments) {
    Fragments made = Fragments.of(new Fragment("", format.origin()));
    Matcher matcher = SPECIFIER.matcher(format.text());
    int from = 0;
    int next = 0;
    while (matcher.find()) {
      made = made.then(piece(format, from, matcher.start()));
      from = matcher.end();
      if (matcher.group(2).equals("%") || matcher.group(2).equals("n")) {
        made = made.then(Fragments.of(new Fragment(matcher.group(2).equals("n") ? "\n" : "%", format.origin())));
      } else {
        int index = matcher.group(1) == null ? next++ : Integer.parseInt(matcher.group(1)) - 1;
        FlowValue argument = arguments.get(index);
        made = made.then(argument == null ? unknown().texts() : argument.texts());
      }
    }
    return made.then(piece(format, from, format.text().length()));
  }

  private static Fragments piece(Fragment format, int from, int to) {
    return Fragments.of(new Fragment(format.text().substring(from, to), format.origin()));
  }

  private FlowValue join(List<? extends FlowValue> values) {
    Map<Integer, FlowValue> elements = values.get(1).elements();
    if (elements.isEmpty()) {
      return unknown();
    }
    Fragments joined = Fragments.NONE;
    for (int i : IntStream.range(0, elements.size()).toArray()) {
      FlowValue element = elements.get(i);
      Fragments texts = element == null ? unknown().texts() : element.texts();
      joined = i == 0 ? texts : joined.then(values.get(0).texts()).then(texts);
    }
    return FlowValue.of(1, joined);
  }

  /** A word that is replaced is a place holder: what it becomes is put in. */
  private FlowValue replace(List<? extends FlowValue> values) {
    String from = only(values.get(1));
    String to = only(values.get(2));
    return FlowValue.of(1, values.get(0).texts().changed(text -> from == null || from.isEmpty() ? text
        : text.replace(from, to == null ? TableName.HOLE : to)));
  }

  private static @Nullable String only(FlowValue value) {
    List<Fragment> all = value.texts().all();
    return all.size() != 1 ? null : value.number() != null ? Character.toString(value.number()) : all.get(0).text();
  }

  FlowValue unknown() {
    return FlowValue.text(Fragment.hole(origin));
  }
}
