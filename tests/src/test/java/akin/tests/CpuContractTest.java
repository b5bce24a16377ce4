package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.check.BackendContract;
import akin.tensor.check.BackendContract.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuContractTest {
  @Test
  void vectorsAndThreadsKeepTheContract() {
    for (Result r : BackendContract.run(() -> Backends.open("cpu", 2), method -> true)) {
      assertEquals(List.of(), r.failures());
    }
  }

  @Test
  void plainLoopsKeepTheContractWhereTheVectorApiIsAbsent() throws Exception {
    List<String> lines = ChildJvm.lines(List.of("-Xmx1g"), PlainLoops.class);
    assertTrue(lines.get(0).contains("scalar"), lines::toString);
    assertEquals(List.of(), lines.subList(1, lines.size()));
  }

  /** Prints the backend's name and what fails. */
  static final class PlainLoops {
    public static void main(String[] args) {
      try (Backend backend = Backends.open("cpu", 1)) {
        System.out.println(backend.name());
      }
      for (Result r : BackendContract.run(() -> Backends.open("cpu", 1), method -> true)) {
        r.failures().forEach(System.out::println);
      }
    }
  }
}
