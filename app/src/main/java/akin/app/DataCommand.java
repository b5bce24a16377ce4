package akin.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code akin data}. */
@Command(
    name = "data",
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks at data sets, lists and curates them, and makes them.",
    subcommands = {DataInfoCommand.class, DataListCommand.class, DataMakeCommand.class})
final class DataCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;
}
