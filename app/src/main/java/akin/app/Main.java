package akin.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command {@code akin}. */
@Command(
    name = "akin",
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Learns embeddings of pictures, and finds pictures of the same kind.",
    footer = {"", "akin COMMAND --help tells a command's options."})
public final class Main {
  /** The app's own commands by name, in the order in which the usage lists them. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("data", DataCommand.class);
    COMMANDS.put("recipe", RecipeCommand.class);
    COMMANDS.put("train", TrainCommand.class);
    COMMANDS.put("evaluate", EvaluateCommand.class);
    COMMANDS.put("query", QueryCommand.class);
    COMMANDS.put("show", ShowCommand.class);
    COMMANDS.put("embed", EmbedCommand.class);
    COMMANDS.put("extract", ExtractCommand.class);
    COMMANDS.put("weights", WeightsCommand.class);
    COMMANDS.put("compare", CompareCommand.class);
    COMMANDS.put("gradcheck", GradcheckCommand.class);
    COMMANDS.put("doctor", DoctorCommand.class);
    COMMANDS.put("help", HelpCommand.class);
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  private boolean version;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Messages contain signs such as ≥ and ×; what the locale's charset lacks would become '?'.
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  /**
   * Runs one command.
   *
   * @return 0 done, 1 failed, 2 the command line is wrong
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    Failures failures = new Failures(err, args);
    CommandLine commands =
        commands(args.length == 0 ? "" : args[0])
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    ownOptionsFirst(commands);
    try {
      return args.length == 0 ? usage(commands) : commands.execute(args);
    } catch (Throwable e) {
      // The parser hands exceptions to its handlers, but lets errors such as lack of memory pass.
      return failures.report(e);
    }
  }

  /**
   * The command that is asked for; all, with those of other rooms, if that is none of the app's.
   * The others cost time to look at.
   */
  static CommandLine commands(String asked) {
    CommandLine main = new CommandLine(new Main());
    boolean one = COMMANDS.containsKey(asked) && !asked.equals("help");
    COMMANDS.forEach(
        (name, type) -> {
          if (!one || name.equals(asked)) {
            main.addSubcommand(name, type);
          }
        });
    if (!one) {
      ProvidedCommand.addTo(main);
    }
    return main;
  }

  /** In the usage, a command's own options come before the ones that every command has. */
  private static void ownOptionsFirst(CommandLine command) {
    command.getCommandSpec().usageMessage().sortOptions(false);
    command.getSubcommands().values().forEach(Main::ownOptionsFirst);
  }

  private static int usage(CommandLine commands) {
    commands.usage(commands.getErr());
    return CommandLine.ExitCode.USAGE;
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The version as the build wrote it into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"akin " + text()};
    }

    static String text() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not from a jar)" : version;
    }
  }
}
