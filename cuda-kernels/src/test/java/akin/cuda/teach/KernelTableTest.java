package akin.cuda.teach;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What each kernel costs in the PTX machine is what docs/cuda.md says, and little more than the
 * least; where it is more, the page has the reason. {@code -Dakin.write.table=true} writes the
 * page.
 */
class KernelTableTest {
  private static final String BEGIN = "<!-- what kernels cost, by KernelTableTest -->\n";
  private static final String END = "<!-- end of what kernels cost -->\n";

  /** Allowed sectors for each that is needed. */
  private static final double IN_ORDER = 1.1;

  /** The same where axes change places. */
  private static final double REORDERED = 2;

  /** A conflict shows in the second decimal. */
  private static final double NO_CONFLICT = 1.005;

  private static final String WINDOWS =
      "windows begin where pixels are, mostly within a sector; what neighbours share comes from the"
          + " cache";
  private static final String STRIDE =
      "windows two pixels apart: a request takes every other number, the next one those between,"
          + " from the cache";
  private static final String RAGGED =
      "rows of 207 numbers begin and end within sectors; rows of a multiple of four go to"
          + " `gather_rows4` and `scatter_add_rows4`";
  private static final String DIGITS =
      "digits of the numbers are counted in shared memory: which banks meet is up to the numbers";

  /** Why a kernel may be above what is allowed. */
  private static final Map<String, String> REASONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "permute_tiles",
                  "tiles at the edge are narrower than the banks; lanes that stood by instead would"
                      + " cost as many turns"),
              Map.entry(
                  "copy_rows",
                  "every third number is wanted, and those between are in its sectors"),
              Map.entry("gather_rows", RAGGED),
              Map.entry("scatter_add_rows", RAGGED),
              Map.entry("select_values", DIGITS),
              Map.entry("select_keys", DIGITS),
              Map.entry("depthwise_forward", WINDOWS),
              Map.entry("depthwise_grad_input", WINDOWS),
              Map.entry("depthwise_grad_weight", WINDOWS),
              Map.entry("shift_planes", "rows of 14 numbers become rows of 15"),
              Map.entry("pool_max", STRIDE),
              Map.entry("pool_first_max", STRIDE),
              Map.entry("pool_average", STRIDE),
              Map.entry("pool_grad_max", STRIDE),
              Map.entry("pool_grad_average", STRIDE),
              Map.entry(
                  "bn_statistics",
                  "one number of each plane, a sector each; little beside what `bn_moments_runs`"
                      + " reads before"),
              Map.entry(
                  "random_normal",
                  "coefficients of the sine or of the cosine, 128 bytes that stay in the cache"),
              Map.entry(
                  "merge_runs",
                  "each key looks for its place in the other run, and goes there; what lies between"
                      + " is in the cache")));

  private static KernelTable table;

  @BeforeAll
  static void runTheExamples() {
    table = new KernelTable();
  }

  private static boolean above(KernelRow row) {
    double allowed = row.name().startsWith("permute_") ? REORDERED : IN_ORDER;
    return row.loads() > allowed || row.stores() > allowed || row.banks() > NO_CONFLICT;
  }

  @Test
  void aKernelThatTakesMoreThanItsLeastHasAReason() {
    TreeSet<String> above = new TreeSet<>();
    table.rows().values().stream()
        .flatMap(rows -> rows.stream())
        .filter(KernelTableTest::above)
        .forEach(row -> above.add(row.name()));
    assertEquals(REASONS.keySet(), above);
  }

  @Test
  void thePageTellsWhatKernelsCost() throws IOException {
    Path docs = Path.of(System.getProperty("akin.root"), "docs");
    Path file = docs.resolve("cuda.md");
    String page = Files.readString(file);
    String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
    String wanted =
        before
            + table.text(docs.resolve("cuda-budget.md"))
            + "\nWhy some are above what is allowed:\n\n"
            + reasons()
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("akin.write.table")) {
      Files.writeString(file, wanted);
    }
    assertEquals(wanted, Files.readString(file));
  }

  private static String reasons() {
    Map<String, TreeSet<String>> kernels = new TreeMap<>();
    REASONS.forEach(
        (kernel, why) ->
            kernels.computeIfAbsent(why, w -> new TreeSet<>()).add("`" + kernel + "`"));
    StringBuilder text = new StringBuilder();
    kernels.forEach(
        (why, names) ->
            text.append("- ")
                .append(String.join(", ", names))
                .append(": ")
                .append(why)
                .append('\n'));
    return text.toString();
  }
}
