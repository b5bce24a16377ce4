package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the CUDA room, which the app knows by their description alone. */
class KernelCommandTest {
  @Test
  void listTellsWhatEachKernelComputes() {
    Cli list = Cli.run("kernel", "list", "--json");
    assertEquals(0, list.code(), list.err());
    JsonNode kernels = list.json().get("kernels");
    assertTrue(kernels.size() > 100, "kernels: " + kernels.size());
    for (JsonNode kernel : kernels) {
      String about = kernel.get("about").asText();
      assertTrue(about.length() > 3 && !about.startsWith("extern"), kernel.toString());
      assertTrue(kernel.get("instructions").asInt() > 0, kernel.toString());
    }
    assertTrue(list.err().contains("unary.cu"), list.err());
  }

  @Test
  void runCountsWhatAKernelMoves() {
    Cli run = Cli.run("kernel", "run", "unary_neg", "--size", "1000", "--json");
    assertEquals(0, run.code(), run.err());
    JsonNode json = run.json();
    assertTrue(json.get("fault").isNull());
    assertEquals(0, json.get("difference").asDouble());
    // 1000 floats of 4 bytes each way: 125 sectors of 32 bytes.
    for (String way : new String[] {"loads", "stores"}) {
      assertEquals(4000, json.get(way).get("differentBytes").asInt());
      assertEquals(125, json.get(way).get("sectors").asInt());
    }
  }

  @Test
  void theSeedDrawsTheInputs() {
    assertEquals(difference("1"), difference("1"));
    assertNotEquals(difference("1"), difference("2"));
  }

  private static double difference(String seed) {
    Cli run = Cli.run("kernel", "run", "unary_exp", "--size", "1000", "--seed", seed, "--json");
    return run.json().get("difference").asDouble();
  }

  @Test
  void traceShowsLanesRegistersAndMemory() {
    Cli trace = Cli.run("kernel", "trace", "unary_neg", "--size", "500", "--warp", "7", "--json");
    assertEquals(0, trace.code(), trace.err());
    JsonNode steps = trace.json().get("steps");
    assertEquals(trace.json().get("total").asInt(), steps.size());
    JsonNode load = null;
    for (JsonNode step : steps) {
      load = step.get("access").isNull() || load != null ? load : step;
    }
    // Threads 224 to 255 of the first block load elements 224 to 255.
    assertEquals(-1, load.get("active").asInt());
    assertEquals(4, load.get("access").get("cost").asInt());
    JsonNode addresses = load.get("access").get("addresses");
    assertEquals(31 * 4, addresses.get(31).asLong() - addresses.get(0).asLong());
    // Of the second half of the block, elements from 480 on, only 20 are left.
    JsonNode last = null;
    for (JsonNode step : steps) {
      last = step.get("access").isNull() ? last : step;
    }
    assertEquals((1 << 20) - 1, last.get("active").asInt());
    assertTrue(trace.err().contains("●●●●●●●●●●●●●●●●●●●●○○○○○○○○○○○○"), trace.err());
  }

  @Test
  void aLongTraceIsPrintedInPieces() {
    Cli first = Cli.run("kernel", "trace", "unary_neg", "--steps", "5");
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().contains("; on with --from 6"), first.out());
    Cli second = Cli.run("kernel", "trace", "unary_neg", "--from", "6", "--steps", "5", "--json");
    assertEquals(5, second.json().get("steps").size());
  }

  @Test
  void thePageCarriesAllItNeeds(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("trace.html");
    Cli trace = Cli.run("kernel", "trace", "binary_add", "--html", file.toString());
    assertEquals(0, trace.code(), trace.err());
    assertEquals("page " + file, trace.out().strip());
    String page = Files.readString(file);
    assertTrue(page.contains("<title>binary_add</title>"), "title");
    assertTrue(page.contains("BINARY(add, a + b)"), "source");
    assertTrue(page.contains("ld.global.f32"), "PTX");
    assertTrue(page.contains("\"addresses\":[6871947"), "addresses");
    assertFalse(page.contains("{{"), "a part was left out");
    assertFalse(page.matches("(?s).*(src|href)=\"(?!data:).*"), "it fetches something");
  }

  @Test
  void mistakesAreToldWithTheRule() {
    assertMisuse("did you mean unary_gelu", "kernel", "run", "unary_gellu");
    assertMisuse("--size: 'many'", "kernel", "run", "unary_neg", "--size", "many");
    assertMisuse("--size: '0'", "kernel", "run", "unary_neg", "--size", "0");
    assertMisuse("such as 3,0", "kernel", "trace", "unary_neg", "--block", "first");
    assertMisuse("the example's grid has 2 × 1", trace("--block", "2,0"));
    assertMisuse("the example's grid has 2 × 1", trace("--block", "0,1"));
    assertMisuse("a block of this kernel has 8 warps", trace("--warp", "8"));
    assertMisuse("at most 4194304", "kernel", "run", "unary_neg", "--size", "2000000000");
    assertMisuse("this warp ends after", trace("--from", "100000"));
    assertMisuse("from 0 to 2147483647", trace("--seed", "-1"));
    assertMisuse("--device", trace("--device", "sim"));
    assertMisuse("--threads", "kernel", "run", "unary_neg", "--threads", "1");
    assertMisuse("--seed", "kernel", "list", "--seed", "2");
    assertMisuse("KERNEL", "kernel", "run");
    assertMisuse("KERNEL", "kernel", "trace", "--json");
    assertMisuse("did you mean list", "kernel", "lst");
    assertMisuse("add one of list, run, trace", "kernel");
  }

  private static String[] trace(String option, String value) {
    return new String[] {"kernel", "trace", "unary_neg", "--size", "1000", option, value};
  }

  private static void assertMisuse(String part, String... args) {
    Cli run = Cli.run(args);
    assertEquals(2, run.code(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("akin: ") && run.err().contains(part), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  @Test
  void aSizeThatIsTooSmallForTheKernelIsOneMessage() {
    Cli run = Cli.run("kernel", "run", "reduce_long_sum", "--size", "1");
    assertTrue(run.code() != 0 && run.err().contains("--size 1: no example launches"), run.err());
    assertFalse(run.err().contains("defect"), run.err());
  }

  @Test
  void aPageThatCannotBeWrittenIsOneMessage(@TempDir Path folder) {
    String nowhere = folder.resolve("none/trace.html").toString();
    Cli run = Cli.run("kernel", "trace", "unary_neg", "--html", nowhere);
    assertTrue(run.code() == 0 || run.err().startsWith("akin: "), run.err());
    assertFalse(run.err().contains("defect"), run.err());
  }
}
