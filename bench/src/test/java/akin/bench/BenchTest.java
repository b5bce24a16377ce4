package akin.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command without measuring: tables of earlier results, and what it refuses. */
class BenchTest {
  @TempDir Path folder;

  private Path results;

  /** What a call printed. */
  private record Said(int code, String out, String err) {}

  private Said run(Object... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
      int code = Bench.run(folder, words);
      return new Said(
          code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static void refused(Said said, int code, String... texts) {
    assertEquals(code, said.code, said.err);
    for (String text : texts) {
      assertTrue(said.err.contains(text), said.err);
    }
    assertFalse(said.err.contains("\tat "), said.err);
  }

  private static Figure figure(String row, String by, double seconds, String error) {
    List<Double> samples = error == null ? List.of(seconds) : List.of();
    return new Figure(row, by, "7.1", 1, 0, samples, 5 << 20, error);
  }

  @BeforeEach
  void earlierResults() throws IOException {
    String row = "sgemm 512x512x512"; // 0.268 GFLOP
    Results earlier =
        new Results(
            "2026-01-31",
            "a machine",
            "about it",
            List.of(
                figure(Rows.PEAK.name(), "akin", Limits.FLOPS / 200e9, null),
                figure(Rows.BANDWIDTH.name(), "akin", Limits.BYTES / 30e9, null),
                figure(row, "akin", 2 * 512e0 * 512 * 512 / 100e9, null),
                figure(row, "numpy", 2 * 512e0 * 512 * 512 / 80e9, null),
                figure(row, "torch", 0, "not installed")));
    results = folder.resolve("results.json");
    new ObjectMapper().writeValue(results.toFile(), earlier);
  }

  @Test
  void earlierResultsArePrinted() {
    Said said = run("--from", results);
    assertEquals(0, said.code, said.err);
    List<String> lines = said.out.lines().map(l -> l.replaceAll(" {2,}", "|")).toList();
    assertTrue(lines.get(0).startsWith("work|threads|unit|Akin|quartiles|best peer"), said.out);
    assertEquals(
        "sgemm 512x512x512|1|GFLOP/s|100|100–100|numpy|80.0|80.0–80.0|1.25|≥ 1.00|50 %|5|5",
        lines.get(1));
    assertEquals(
        List.of(
            "2026-01-31, a machine",
            "about it",
            "akin: 7.1; numpy: 7.1; torch: 7.1",
            "limits in Java, threads: 1: 200 GFLOP/s, 30.0 GB/s",
            "sgemm 512x512x512, torch: not installed"),
        lines.subList(2, lines.size()));
  }

  @Test
  void theTableIsWrittenBetweenThePagesMarks() throws IOException {
    Path page = folder.resolve("page.md");
    String begin = "<!-- bench/run --markdown writes from here -->\n";
    String end = "<!-- to here -->\n";
    Files.writeString(page, "before\n" + begin + "old\n" + end + "after\n");
    assertEquals(0, run("--from", results, "--markdown", page).code);
    String once = Files.readString(page);
    assertTrue(once.startsWith("before\n" + begin) && once.endsWith(end + "after\n"), once);
    assertTrue(once.contains("| sgemm 512x512x512 | 1 | GFLOP/s | 100 | 100–100 | numpy |"), once);
    assertTrue(once.contains("| sgemm 512x512x512 | 1 | 0.27 | 3.15 | multiply-adds |"), once);
    assertFalse(once.contains("old"), once);
    assertEquals(0, run("--from", results, "--markdown", page).code);
    assertEquals(once, Files.readString(page), "a second time changes nothing");
  }

  @Test
  void whatIsWrongEndsInOneMessage() throws IOException {
    refused(run("--from", folder.resolve("none.json")), 1, "there are no results", "none.json");
    Path broken = folder.resolve("broken.json");
    for (String text :
        new String[] {"", "{\"date\": 3", "[1, 2]", "{\"dat\": \"x\"}", "{}", "null"}) {
      Files.writeString(broken, text);
      refused(run("--from", broken), 1, "these are no results of the bench", "broken.json");
    }
    Path page = folder.resolve("page.md");
    Files.writeString(page, "no marks\n");
    refused(run("--from", results, "--markdown", page), 1, "no place for the table", "page.md");
    refused(run("--only", "nothing of the kind"), 2, "--only nothing of the kind", "--rows");
    refused(run("--kernels", "--only", "nothing"), 2, "--only nothing", "--kernels");
    refused(run("--threads", "0"), 2, "--threads 0", "from 1 to");
    refused(run("--rounds", "0"), 2, "--rounds 0", "N ≥ 1");
    refused(run("--quik"), 2, "did you mean --quick?", "bench/run --help");
  }

  @Test
  void namesAreListed() {
    Said rows = run("--rows");
    assertEquals(Rows.ALL.stream().map(Row::name).toList(), rows.out.lines().toList());
    assertTrue(run("--rows", "--kernels").out.lines().count() > 20);
  }
}
