package dev.banyan.demo.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The checkout that the parts were built in.
 *
 * @param root its folder
 */
public record Checkout(Path root) {

  /** Finds the checkout: the folder named by property {@code banyan.home}, or the nearest one above that has the parts. */
  public static Checkout find() {
    String home = System.getProperty("banyan.home");
    Path start = Path.of(home == null ? "" : home).toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("strangler-proxy")) && Files.isDirectory(folder.resolve("monolith-app"))) {
        return new Checkout(folder);
      }
    }
    throw new IllegalStateException("No checkout of Banyan at or above " + start);
  }

  /** Returns a part's runnable jar. */
  public Path jar(String part) {
    Path target = root.resolve(part).resolve("target");
    return List.of(part + "-exec.jar", part + ".jar").stream().map(target::resolve).filter(Files::exists).findFirst()
        .orElseThrow(() -> new IllegalStateException("%s is not built: run ./banyan, or mvn package".formatted(part)));
  }
}
