package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** A small code base of its own, compiled in a folder. */
public final class CompiledShop {

  private final Path folder;
  private final List<String> sources = new ArrayList<>();

  public CompiledShop(Path folder) {
    this.folder = folder;
  }

  /** Adds a class, {@code orders/Orders}, in a package below {@code shop}. */
  public CompiledShop with(String name, String body) throws IOException {
    String[] parts = name.split("/");
    return withSource("shop/" + name, "package shop." + parts[0] + "; public class " + parts[1] + " { " + body + " }");
  }

  /** Adds a source file. */
  public CompiledShop withSource(String path, String text) throws IOException {
    Path source = folder.resolve("src/" + path + ".java");
    Files.createDirectories(source.getParent());
    sources.add(Files.writeString(source, text).toString());
    return this;
  }

  /** Adds a file beside the classes. */
  public CompiledShop withFile(String path, String text) throws IOException {
    Path file = classes().resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** Compiles it, and returns the folder of classes. */
  public Path compiled() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-g", "-d", Files.createDirectories(classes()).toString()));
    arguments.addAll(sources);
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new))).isZero();
    return classes();
  }

  /** Returns the folder of files without compiling anything. */
  public Path files() {
    return classes();
  }

  private Path classes() {
    return folder.resolve("classes");
  }
}
