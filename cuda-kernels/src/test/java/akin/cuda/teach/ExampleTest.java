package akin.cuda.teach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.exec.Launch;
import akin.cuda.sim.exec.Observer;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel can be shown: an example launches it, without a fault, and rightly. */
class ExampleTest {
  private static final int SIZE = 2000;

  /**
   * A function in float32 may be off by some units in the last place (6e-8 of the number), and
   * differences of such by more; a wrong kernel is off by about 1. The backend contract has the
   * bounds that hold for each method.
   */
  private static final double PLAINLY_WRONG = 1e-3;

  static Stream<KernelFile> files() {
    return Stream.of(KernelFile.values());
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKernelIsLaunchedByAnExampleOfItsFile(KernelFile file) {
    Set<String> launched = new TreeSet<>();
    Observer names =
        new Observer() {
          @Override
          public void launched(Launch launch) {
            launched.add(launch.program().name());
          }
        };
    for (Stage stage : Stage.all(file, SIZE, 1, names)) {
      assertTrue(stage.difference() < PLAINLY_WRONG, stage.toString());
    }
    Set<String> kernels =
        CudaKernel.of(file).stream()
            .map(CudaKernel::name)
            .filter(name -> !launched.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), kernels, "kernels of " + file.stem() + ".cu without an example");
  }
}
