package dev.banyan.proxy;

import picocli.CommandLine;

/** Starts the proxy from the command line. */
public final class Main {

  private Main() {}

  /** Runs the command, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ProxyCommand()).execute(arguments));
  }
}
