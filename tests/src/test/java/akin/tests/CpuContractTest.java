package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.check.BackendContract;
import akin.tensor.check.BackendContract.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuContractTest {
  @Test
  void vectorsAndThreadsKeepTheContract() {
    for (Result r : BackendContract.run(() -> Backends.open("cpu", 2), method -> true)) {
      assertEquals(List.of(), r.failures());
    }
  }

  @Test
  void plainLoopsKeepTheContractWhereTheVectorApiIsAbsent() throws Exception {
    List<String> lines = ChildJvm.lines(List.of("-Xmx1g"), Contract.class, "");
    assertTrue(lines.get(0).contains("scalar"), lines::toString);
    assertEquals(List.of(), lines.subList(1, lines.size()));
  }

  /** Widths differ most where rows end. */
  @ParameterizedTest
  @ValueSource(ints = {128, 256})
  void narrowerVectorsKeepTheContractOfConvolutionsAndSearch(int bits) throws Exception {
    List<String> options =
        List.of("--add-modules", "jdk.incubator.vector", "-Dakin.vector.bits=" + bits, "-Xmx1g");
    List<String> lines = ChildJvm.lines(options, Contract.class, "conv2d,searcher");
    assertEquals(List.of("cpu (" + bits + "-bit vectors, 1 threads)"), lines);
  }

  /** Prints the backend's name and what fails of the methods that begin as the argument says. */
  static final class Contract {
    public static void main(String[] args) {
      try (Backend backend = Backends.open("cpu", 1)) {
        System.out.println(backend.name());
      }
      for (Result r :
          BackendContract.run(
              () -> Backends.open("cpu", 1),
              m -> Stream.of(args[0].split(",")).anyMatch(m::startsWith))) {
        r.failures().forEach(System.out::println);
      }
    }
  }
}
