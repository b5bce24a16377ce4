package akin.app;

import akin.nn.io.AtomicFile;
import akin.tensor.UserError;
import akin.tensor.command.Call;
import akin.tensor.command.Command;
import akin.tensor.command.Command.Word;
import akin.tensor.command.CommandProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** A command that another room describes, as the parser knows commands. */
final class ProvidedCommand implements Callable<Integer>, Call {
  private final Command command;
  private final CommandSpec spec;
  @Mixin private OutputOptions output;

  private ProvidedCommand(Command command) {
    this.command = command;
    spec = CommandSpec.forAnnotatedObject(this).name(command.name());
    spec.usageMessage().description(command.description().toArray(String[]::new));
    command.words().forEach(this::add);
  }

  /** Adds the groups of all other rooms. */
  static void addTo(CommandLine main) {
    for (CommandProvider group : ServiceLoader.load(CommandProvider.class)) {
      CommandSpec spec = CommandSpec.create().name(group.name());
      spec.usageMessage().description(group.description()).synopsisSubcommandLabel("COMMAND");
      spec.addOption(
          OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .description("Print this help.")
              .build());
      for (Command command : group.commands()) {
        spec.addSubcommand(command.name(), new CommandLine(new ProvidedCommand(command).spec));
      }
      main.addSubcommand(group.name(), new CommandLine(spec));
    }
  }

  private void add(Word word) {
    if (word.isOption()) {
      spec.addOption(
          OptionSpec.builder(word.name())
              .type(String.class)
              .paramLabel(word.label())
              .defaultValue(word.otherwise())
              .description(word.description())
              .build());
    } else {
      spec.addPositional(
          PositionalParamSpec.builder()
              .type(String.class)
              .required(word.otherwise() == null)
              .arity(word.otherwise() == null ? "1" : "0..1")
              .paramLabel(word.label())
              .defaultValue(word.otherwise())
              .description(word.description())
              .build());
    }
  }

  @Override
  public Integer call() {
    return command.run(this) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  @Override
  public String value(String name) {
    return name.startsWith("-")
        ? spec.findOption(name).getValue()
        : spec.positionalParameters().stream()
            .filter(word -> word.paramLabel().equals(name))
            .findFirst()
            .orElseThrow()
            .getValue();
  }

  @Override
  public void print(String format, Object... values) {
    output.console().print(format, values);
  }

  @Override
  public void result(Object result) {
    output.console().result(result);
  }

  @Override
  public void write(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  @Override
  public RuntimeException misused(UserError mistake) {
    return new ParameterException(spec.commandLine(), mistake.getMessage(), mistake);
  }
}
