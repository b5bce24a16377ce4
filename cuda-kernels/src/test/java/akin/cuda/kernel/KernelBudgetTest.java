package akin.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Registers and shared memory of every kernel on every architecture, as NVIDIA's assembler tells
 * them; no kernel may keep registers in memory. The table is docs/cuda-budget.md, which {@code
 * -Dakin.write.budget=true} writes. Runs in {@code mvn -Pcuda} where {@code ptxas} is on the path;
 * it needs no card.
 */
class KernelBudgetTest {
  private static final List<String> CARDS = List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90");

  /** Another release assigns registers in another way; spills are looked for with any. */
  private static final String RELEASE = "release 13.0";

  /** A file of more kernels than this is a generated one, and gets one row. */
  private static final int MOST_ROWS = 12;

  private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)'");
  private static final Pattern SPILLS =
      Pattern.compile("(\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  @TempDir static Path folder;
  private static boolean releaseOfTable;

  /** By file, kernel, architecture. */
  private static final Map<String, Map<String, Map<String, Use>>> USES = new TreeMap<>();

  private static final List<String> SPILLING = new ArrayList<>();

  /** What a kernel takes on one architecture. */
  private record Use(int registers, int shared) {}

  @BeforeAll
  static void assembleAll() throws IOException, InterruptedException {
    assumeTrue(Boolean.getBoolean("akin.profile.cuda"), "looked at by mvn -Pcuda only");
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(p -> Files.exists(Path.of(p, "ptxas"))),
        "there is no ptxas on the path (NVIDIA's toolkit has it)");
    releaseOfTable = ran("ptxas", "--version").contains(RELEASE);
    List<Path> files;
    try (Stream<Path> all = Files.list(resources())) {
      files = all.filter(file -> file.toString().endsWith(".ptx")).sorted().toList();
    }
    CARDS.parallelStream().forEach(card -> files.forEach(file -> assemble(file, card)));
  }

  private static Path resources() {
    return Path.of(
        System.getProperty("akin.root"), "cuda-kernels/src/main/resources/akin/cuda/kernels");
  }

  private static void assemble(Path ptx, String card) {
    try {
      String object = folder.resolve(card).toString();
      String told = ran("ptxas", "-arch=" + card, "-v", ptx.toString(), "-o", object);
      String stem = ptx.getFileName().toString().replace(".ptx", "");
      synchronized (USES) {
        read(told, stem, card);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void read(String told, String stem, String card) {
    String kernel = null;
    for (String line : told.lines().toList()) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.find()) {
        kernel = entry.group(1);
      }
      Matcher spills = SPILLS.matcher(line);
      if (spills.find() && !(spills.group(1) + spills.group(2)).equals("00")) {
        SPILLING.add(stem + "/" + kernel + " on " + card + ": " + spills.group());
      }
      Matcher registers = REGISTERS.matcher(line);
      if (registers.find()) {
        Matcher shared = SHARED.matcher(line);
        Use use =
            new Use(
                Integer.parseInt(registers.group(1)),
                shared.find() ? Integer.parseInt(shared.group(1)) : 0);
        USES.computeIfAbsent(stem, f -> new TreeMap<>())
            .computeIfAbsent(kernel, k -> new TreeMap<>())
            .put(card, use);
      }
    }
  }

  private static String ran(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), told);
    return told;
  }

  @Test
  void noKernelSpillsOnAnyArchitecture() {
    assertEquals(List.of(), SPILLING);
  }

  @Test
  void registersAndSharedMemoryAreThoseOfTheTable() throws IOException {
    assumeTrue(releaseOfTable, "the table is of ptxas " + RELEASE);
    Path page = Path.of(System.getProperty("akin.root"), "docs", "cuda-budget.md");
    if (Boolean.getBoolean("akin.write.budget")) {
      Files.writeString(page, page());
    }
    assertEquals(page(), Files.readString(page));
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# What the kernels take of a card\n\n");
    page.append("Registers of a thread on each architecture and static shared memory of a block\n");
    page.append(
        "(the most of the five), as `ptxas -v` of CUDA 13.0 tells them for the committed\n");
    page.append("PTX. No kernel keeps registers in memory (spills) on any. A multiprocessor has\n");
    page.append("65536 registers and room for 1024 threads (sm_75), 1536 (sm_86, sm_89) or 2048\n");
    page.append("(sm_80, sm_90): it is full if a thread has up to 64, 40 or 32.\n");
    page.append("`KernelBudgetTest` compares this page, and writes it with\n");
    page.append("`mvn -Pcuda -pl cuda-kernels -am test -Dtest=KernelBudgetTest");
    page.append(" -Dsurefire.failIfNoSpecifiedTests=false -Dakin.write.budget=true`.\n\n");
    page.append("| kernel | ").append(String.join(" | ", CARDS)).append(" | shared bytes |\n");
    page.append("|---|").append("---:|".repeat(CARDS.size() + 1)).append('\n');
    USES.forEach(
        (file, kernels) -> {
          if (kernels.size() > MOST_ROWS) {
            row(page, file + ", " + kernels.size() + " kernels, the most", kernels.values());
          } else {
            kernels.forEach((name, uses) -> row(page, file + "/" + name, List.of(uses)));
          }
        });
    return page.toString();
  }

  private static void row(
      StringBuilder page, String name, Collection<? extends Map<String, Use>> kernels) {
    page.append("| ").append(name).append(" | ");
    for (String card : CARDS) {
      page.append(most(kernels, uses -> uses.get(card).registers())).append(" | ");
    }
    page.append(most(kernels, uses -> uses.values().stream().mapToInt(Use::shared).max().orElse(0)))
        .append(" |\n");
  }

  private static int most(
      Collection<? extends Map<String, Use>> kernels, ToIntFunction<Map<String, Use>> number) {
    return kernels.stream().mapToInt(number).max().orElseThrow();
  }
}
