package akin.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code akin weights}. */
@Command(
    name = "weights",
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks into weight files of other programs, and converts them.",
    subcommands = {
      WeightsInspectCommand.class,
      WeightsCheckCommand.class,
      WeightsConvertCommand.class
    })
final class WeightsCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;
}
