package akin.app;

import akin.tensor.NearestName;
import akin.tensor.ShapeException;
import akin.tensor.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns whatever ends a command early into one message on stderr and an exit code: 1 failed, 2 the
 * command line is wrong. Only a defect of Akin itself has a stack trace, and that goes to a file.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final PrintWriter err;
  private final String[] args;

  Failures(PrintWriter err, String... args) {
    this.err = err;
    this.args = args;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    List<String> options = new ArrayList<>();
    command.getCommandSpec().options().forEach(o -> options.addAll(List.of(o.names())));
    // A mistyped option is told before what is missing: often it is the mistyped one that is.
    Optional<String> unknown =
        Stream.of(arguments)
            .filter(word -> word.matches("--[a-z].*"))
            .map(word -> word.split("=", 2)[0])
            .filter(word -> !options.contains(word))
            .findFirst();
    if (unknown.isPresent()) {
      tell("there is no option " + unknown.get());
      err.println("  mend: " + NearestName.hint(unknown.get(), options));
    } else {
      tell(e.getMessage());
      Collection<String> commands = command.getSubcommands().keySet();
      if (e instanceof UnmatchedArgumentException unmatched && !commands.isEmpty()) {
        err.println("  mend: " + NearestName.hint(unmatched.getUnmatched().get(0), commands));
      } else if (!commands.isEmpty()) {
        err.println("  mend: add one of " + String.join(", ", commands));
      }
    }
    err.println("  " + command.getCommandSpec().qualifiedName() + " --help tells the usage");
    err.flush();
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  /** Tells what ended the command; returns the exit code. */
  int report(Throwable e) {
    if (e instanceof UserError) {
      tell(e.getMessage());
      // A mistake whose place is an option is one of the command line.
      return e.getMessage().startsWith("-") ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
    if (e instanceof UncheckedIOException) {
      tell("reading or writing failed: " + e.getCause().getMessage());
      return ExitCode.SOFTWARE;
    }
    if (e instanceof OutOfMemoryError) {
      tell(
          String.format(
              "out of memory: %s; the heap may have %d MiB%n"
                  + "  mend: smaller batches or pictures, or more memory:"
                  + " AKIN_JAVA_OPTS=-Xmx8g akin …",
              e.getMessage(), Runtime.getRuntime().maxMemory() >> 20));
      return ExitCode.SOFTWARE;
    }
    if (e instanceof ShapeException) {
      tell(e.getMessage());
      err.println("  mend: check the sizes in the configuration; the trace is in " + trace(e));
      err.flush();
      return ExitCode.SOFTWARE;
    }
    tell("this is a defect of Akin: " + firstLine(e));
    err.println("  mend: please report it with the file " + trace(e));
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private void tell(String message) {
    err.println("akin: " + message);
    err.flush();
  }

  private static String firstLine(Throwable e) {
    return e.toString().lines().findFirst().orElse(e.getClass().getName());
  }

  /** Writes the stack trace to a file and tells its name. */
  private String trace(Throwable e) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    writer.println("akin " + String.join(" ", args));
    writer.println("version " + Main.Version.text());
    writer.println(
        System.getProperty("java.vm.name")
            + " "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
    e.printStackTrace(writer);
    writer.flush();
    try {
      Path file = Files.createTempFile("akin-defect-", ".txt");
      return Files.writeString(file, text.toString()).toString();
    } catch (IOException cannotWrite) {
      return "(which could not be written: " + cannotWrite.getMessage() + ")\n" + text;
    }
  }
}
