package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs a virtual machine of its own: other vector widths, no compiler, no Vector API. */
class CpuForkTest {
  private static final String[] VECTORS = {"--add-modules", "jdk.incubator.vector"};

  @ParameterizedTest
  @ValueSource(ints = {128, 256})
  void narrowerVectorsAgreeWithTheReference(int bits) throws Exception {
    List<String> lines = check(VECTORS, List.of("-Dakin.vector.bits=" + bits), "accuracy");
    assertEquals(List.of("cpu (" + bits + "-bit vectors, 1 threads)"), answers(lines));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 256})
  void productsAtOtherWidths(int bits) throws Exception {
    List<String> lines = run(VECTORS, List.of("-Dakin.vector.bits=" + bits), GemmTest.class);
    assertEquals(List.of(bits + " bits"), answers(lines));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 256})
  void layoutsAtOtherWidths(int bits) throws Exception {
    List<String> lines = run(VECTORS, List.of("-Dakin.vector.bits=" + bits), LayoutsTest.class);
    assertEquals(List.of(bits + " bits"), answers(lines));
  }

  @Test
  void thePlainLoopsCanBeAskedFor() throws Exception {
    List<String> lines = check(VECTORS, List.of("-Dakin.vector.bits=0"), "name");
    assertEquals(List.of("cpu (scalar, 1 threads)"), answers(lines));
    assertTrue(lines.stream().noneMatch(l -> l.startsWith("akin:")), "no advice when asked for");
  }

  @Test
  void withoutTheModuleThePlainLoopsRunAndTheMendIsSaidOnce() throws Exception {
    List<String> lines = check(new String[0], List.of(), "accuracy");
    assertEquals("cpu (scalar, 1 threads)", answers(lines).get(0));
    assertEquals(1, answers(lines).size(), () -> "differences: " + lines);
    List<String> advice = lines.stream().filter(l -> l.startsWith("akin:")).toList();
    assertEquals(1, advice.size());
    assertTrue(advice.get(0).contains("java --add-modules jdk.incubator.vector"));
  }

  @Test
  void interpretedAndCompiledCodeGiveTheSameBits() throws Exception {
    List<String> interpreted =
        List.of(
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=exclude,akin.tensor.cpu.*::*",
            "-XX:CompileCommand=exclude,jdk.incubator.vector.*::*");
    List<String> compiled =
        List.of("-Xbatch", "-XX:-TieredCompilation", "-XX:CompileThresholdScaling=0.02");
    List<String> cold = check(VECTORS, interpreted, "digests", "1");
    List<String> warm = check(VECTORS, compiled, "digests", "25");
    assertTrue(cold.size() > 500, () -> "too few cases: " + cold.size());
    assertEquals(answers(cold), answers(warm));
  }

  /** What the program printed itself, without the notices of the virtual machine and of Akin. */
  private static List<String> answers(List<String> lines) {
    return lines.stream().filter(l -> !l.startsWith("WARNING:") && !l.startsWith("akin:")).toList();
  }

  private static List<String> check(String[] modules, List<String> options, String... args)
      throws IOException, InterruptedException {
    return run(modules, options, Check.class, args);
  }

  /** What the main class prints in a virtual machine of its own. */
  private static List<String> run(
      String[] modules, List<String> options, Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(modules));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }
}
