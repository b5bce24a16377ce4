package akin.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command takes, whatever it does. */
class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 100,
      description = "Print this help.")
  private boolean help;

  @Option(
      names = "--json",
      order = 101,
      description = "Print one JSON object on stdout; text for people goes to stderr.")
  private boolean json;

  /** Where the command's words go. */
  final Console console() {
    return new Console(spec.commandLine().getOut(), spec.commandLine().getErr(), json);
  }
}
