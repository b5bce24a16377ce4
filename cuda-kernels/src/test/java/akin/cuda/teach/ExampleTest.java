package akin.cuda.teach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every kernel can be shown: an example launches it, without a fault, and rightly. */
class ExampleTest {
  private static final int SIZE = 2048;

  /**
   * A function in float32 may be off by some units in the last place (6e-8 of the number), and
   * differences of such by more; a wrong kernel is off by about 1. The backend contract has the
   * bounds that hold for each method.
   */
  private static final double PLAINLY_WRONG = 1e-3;

  private static final String BEGIN = "<!-- traffic, by ExampleTest -->\n";
  private static final String END = "<!-- end of traffic -->\n";

  @Test
  void everyKernelHasAnExampleAndItsRowOnThePage() throws IOException {
    List<String> without = new ArrayList<>();
    StringBuilder table =
        new StringBuilder("| file | kernels | loads | stores | banks |\n|---|---|---|---|---|\n");
    for (KernelFile file : CudaKernel.files()) {
      CountersByKernel counters = new CountersByKernel();
      for (Stage stage : Stage.all(file, SIZE, 1, counters)) {
        assertTrue(stage.difference() < PLAINLY_WRONG, stage.toString());
      }
      List<CudaKernel> kernels = CudaKernel.of(file);
      kernels.stream()
          .map(CudaKernel::name)
          .filter(name -> !counters.kernels().contains(name))
          .forEach(without::add);
      if (without.isEmpty()) {
        counters.rows(file.stem(), kernels).forEach(row -> table.append(row).append('\n'));
      }
    }
    assertEquals(List.of(), without, "kernels without an example");
    Path made = Files.writeString(Path.of("target", "kernel-traffic.md"), table);
    String page = Files.readString(Path.of(System.getProperty("akin.root"), "docs", "cuda.md"));
    String shown = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    assertEquals(table.toString(), shown, "docs/cuda.md must hold what is in " + made);
  }
}
