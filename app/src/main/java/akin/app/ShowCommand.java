package akin.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code akin show}. */
@Command(
    name = "show",
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows pictures as a training and a run see them: a collage and a page.",
    subcommands = {ShowDataCommand.class, ShowBatchesCommand.class, ShowQueriesCommand.class})
final class ShowCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;
}
