package dev.banyan.cli;

import picocli.CommandLine.Command;

@Command(name = "rules", mixinStandardHelpOptions = true, subcommands = {RulesScanCommand.class, RulesSuggestCommand.class},
    description = "Tells which module touches tables of another one.")
final class RulesCommand {}
