package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.Progress;
import akin.tensor.UserError;
import akin.tensor.reference.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The rules that every command keeps. */
class MainTest {
  /** The names of all commands, {@code data make faces} as well as {@code data}. */
  static Stream<List<String>> commands() {
    return commands(List.of(), Main.commands("")).filter(name -> !name.isEmpty());
  }

  private static Stream<List<String>> commands(List<String> name, CommandLine command) {
    return Stream.concat(
        Stream.of(name),
        command.getSubcommands().values().stream()
            .filter(sub -> !(sub.getCommand() instanceof CommandLine.HelpCommand))
            .flatMap(
                sub ->
                    commands(
                        Stream.concat(name.stream(), Stream.of(sub.getCommandName())).toList(),
                        sub)));
  }

  @Test
  void commandsAreFoundByTheirNames() {
    for (String name : Main.commands("").getSubcommands().keySet()) {
      CommandLine found = Main.commands(name).getSubcommands().get(name);
      assertEquals(name, found.getCommandSpec().name());
    }
  }

  private static Cli run(List<String> command, String... more) {
    return Cli.run(Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private static void assertMessage(Cli run, String... parts) {
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("akin: "), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    for (String part : parts) {
      assertTrue(run.err().contains(part), part + " is not in: " + run.err());
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTellsItsUsage(List<String> command) {
    Cli help = run(command, "--help");
    assertEquals(0, help.code());
    assertEquals("", help.err());
    assertTrue(help.out().startsWith("Usage: akin " + String.join(" ", command)), help.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandRefusesAnUnknownOption(List<String> command) {
    Cli run = run(command, "--no-such-option");
    assertEquals(2, run.code());
    assertMessage(run, "--no-such-option", "--help tells the usage");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandThatDoesSomethingTakesTheCommonOptions(List<String> command) {
    Cli help = run(command, "--help");
    boolean onlyGroups = help.out().contains("COMMAND");
    for (String option : Set.of("--json", "--help")) {
      assertTrue(onlyGroups || help.out().contains(option), option + " of " + command);
    }
    boolean own = !command.contains("kernel"); // which runs on the PTX machine and nothing else
    for (String option : Set.of("--device", "--threads")) {
      assertEquals(own && !onlyGroups, help.out().contains(option), option + " of " + command);
    }
    assertTrue(!own || onlyGroups || help.out().contains("--seed"), "--seed of " + command);
  }

  @Test
  void withoutACommandTheUsageGoesToStderr() {
    Cli run = Cli.run();
    assertEquals(2, run.code());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("Usage: akin"), run.err());
  }

  @Test
  void mistypedWordsAreAnsweredWithTheNearest() {
    assertMessage(Cli.run("docter"), "docter", "did you mean doctor?");
    assertMessage(Cli.run("doctor", "--jsn"), "--jsn", "did you mean --json?");
    assertMessage(Cli.run("train", "--ouf=x"), "--ouf", "did you mean --out?");
    assertMessage(Cli.run("doctor", "--device", "cuba"), "did you mean cuda");
  }

  @Test
  void valuesOutOfRangeAreBadUsage() {
    for (String[] bad :
        new String[][] {
          {"--device", "gpu"},
          {"--device", "cuda:"},
          {"--device", "cpu:1"},
          {"--threads", "-1"},
          {"--threads", "many"},
          {"--threads", "1000000"},
          {"--seed", "x"},
          {"--seed", ""}
        }) {
      Cli run = Cli.run("doctor", bad[0], bad[1]);
      assertEquals(2, run.code(), bad[0] + " " + bad[1]);
      assertMessage(run, bad[0]);
    }
  }

  @Test
  void versionIsTold() {
    Cli run = Cli.run("--version");
    assertEquals(0, run.code());
    assertTrue(run.out().startsWith("akin "), run.out());
  }

  @Test
  void doctorFindsThisMachineFitAndSaysSoInJson() {
    Cli run = Cli.run("doctor", "--json", "--device", "reference", "--threads", "1");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.json().get("ok").asBoolean());
    Set<String> names = Set.copyOf(run.json().get("findings").findValuesAsText("name"));
    assertTrue(
        names.containsAll(
            Set.of("Java", "Vector API", "threads", "memory", "pictures", "device reference")),
        names.toString());
    assertTrue(run.err().contains("Akin works here."), run.err());
  }

  @Test
  void doctorTriesTheChosenDeviceAgainstTheReference() {
    CommonOptions options = CommandLine.populateCommand(new CommonOptions(), "--device", "cpu");
    Doctor doctor = new Doctor(options, Progress.NONE, Set.of("unary", "softmax")::contains);
    Doctor.Finding contract =
        doctor.examine().stream().filter(f -> f.name().equals("contract")).findFirst().get();
    assertEquals(Doctor.Status.GOOD, contract.status(), contract.found());
    assertTrue(contract.found().matches("cpu .* agrees with the reference in [1-9].*"));
  }

  @Test
  void doctorWritesAReportToAttachToAnIssue(@TempDir Path folder) throws IOException {
    CommonOptions options = CommandLine.populateCommand(new CommonOptions(), "--device", "cpu");
    Doctor doctor = new Doctor(options, Progress.NONE, Set.of("softmax")::contains);
    List<Doctor.Finding> findings = doctor.examine();
    Path file = folder.resolve("report.md");
    DoctorReport.write(file, doctor, findings, "cpu");
    String text = Files.readString(file);
    assertTrue(text.contains("| GOOD | Java |"), text);
    assertTrue(text.matches("(?s).*\\n\\| `softmax` \\| [1-9]\\d* \\| 0\\.\\d+ \\|.*"), text);
    assertEquals(5, doctor.speeds().size());
    for (DeviceSpeeds.Speed speed : doctor.speeds()) {
      assertTrue(speed.figure() > 0 && text.contains("| " + speed.task() + " |"), speed.task());
    }
  }

  /** A card that is broken by one method, and lost for the next, still has its report. */
  @Test
  void aTrialGoesOnWhereTheDeviceOpensNoMore() {
    AtomicInteger opened = new AtomicInteger();
    DeviceTrial trial =
        DeviceTrial.of(
            () -> {
              if (opened.incrementAndGet() == 2) {
                throw UserError.of("the card is lost");
              }
              return new ReferenceBackend();
            },
            Set.of("fill", "affine", "softmax")::contains,
            Progress.NONE);
    assertEquals(3, trial.methods().size());
    DeviceTrial.Method lost = trial.methods().get(1);
    assertEquals(
        List.of(lost.name() + ": not tried: the card is lost"), trial.failures(), trial::toString);
    assertEquals(0, lost.cases());
    assertTrue(trial.methods().get(0).cases() > 0 && trial.methods().get(2).cases() > 0);
  }

  @Test
  void doctorFailsWhereTheChosenDeviceDoesNotOpen() {
    Cli none = Cli.run("doctor", "--json", "--device", "cuda:99");
    assertEquals(1, none.code(), none.err());
    assertFalse(none.json().get("ok").asBoolean());
    assertTrue(none.err().contains("cuda"), none.err());
    assertTrue(none.err().contains("not tried: the device does not open"), none.err());
  }

  @Test
  void withoutJsonTextGoesToStdout() {
    Cli run = Cli.run("doctor", "--device", "reference");
    assertEquals(0, run.code());
    assertTrue(run.out().contains("Akin works here."), run.out());
    assertEquals("", run.err());
  }
}
