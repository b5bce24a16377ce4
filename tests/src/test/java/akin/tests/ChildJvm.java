package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a main class of this class path in a Java machine of its own. */
final class ChildJvm {
  /** What the launcher gives to a JVM for the sake of the kernels. */
  static final List<String> VECTORS =
      List.of("--add-modules", "jdk.incubator.vector", "-XX:PerMethodTrapLimit=100000");

  private ChildJvm() {}

  /** The lines that {@code main} prints on stdout; it must exit with 0. */
  static List<String> lines(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return lines(options, Map.of(), main, arguments);
  }

  /** The same, with variables of the environment. */
  static List<String> lines(
      List<String> options, Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> lines;
    try (var output = process.inputReader()) {
      lines = output.lines().toList();
    }
    assertEquals(0, process.waitFor(), () -> "exit code of " + main.getSimpleName() + ": " + lines);
    return lines;
  }
}
