package dev.banyan.cli;

import picocli.CommandLine.Command;

@Command(name = "ownership", mixinStandardHelpOptions = true, subcommands = OwnershipInitCommand.class,
    description = "Says which module owns which tables.")
final class OwnershipCommand {}
