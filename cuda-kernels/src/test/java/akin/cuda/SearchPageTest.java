package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on search tells the times that its own formula gives. */
class SearchPageTest {
  private static final double ROWS = 1e6;
  private static final double WIDTH = 128;

  @ParameterizedTest
  @CsvSource({
    "T4, 320, 8.1",
    "RTX 3060, 360, 12.7",
    "RTX 4090, 1008, 82.6",
    "A100 40 GB, 1555, 19.5",
    "H100 SXM, 3350, 66.9"
  })
  void theTableIsComputed(String card, int bandwidth, double flops) throws IOException {
    String row =
        String.format(
            Locale.ROOT,
            "| %s | %d | %.1f | %.2f | %.2f | %.1f |",
            card,
            bandwidth,
            flops,
            milliseconds(1, bandwidth, flops),
            milliseconds(16, bandwidth, flops),
            milliseconds(1024, bandwidth, flops));
    Path page = Path.of(System.getProperty("akin.root"), "docs", "cuda-search.md");
    assertTrue(Files.readString(page).contains(row), row);
  }

  private static double milliseconds(int queries, int bandwidth, double flops) {
    double memory = 4 * ROWS * WIDTH / (bandwidth * 1e9);
    double arithmetic = 2 * ROWS * WIDTH * queries / (flops * 1e12 / 2);
    return 1e3 * Math.max(memory, arithmetic);
  }
}
