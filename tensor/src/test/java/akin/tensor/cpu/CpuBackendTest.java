package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
  @Test
  void everyMethodAgreesWithTheReferenceWithinItsRoundings() {
    List<String> differences = new ArrayList<>();
    try (CpuBackend cpu = new CpuBackend(1);
        ReferenceBackend reference = new ReferenceBackend()) {
      for (Case c : Check.cases()) {
        String difference = Check.difference(c, reference, cpu);
        if (difference != null) {
          differences.add(difference);
        }
      }
    }
    assertEquals(List.of(), differences);
  }

  @Test
  void theBitsDoNotDependOnTheNumberOfThreads() {
    try (CpuBackend one = new CpuBackend(1);
        CpuBackend two = new CpuBackend(2);
        CpuBackend three = new CpuBackend(3)) {
      for (Case c : Check.cases()) {
        double[][] expected = c.on(one);
        assertArrayEquals(expected, c.on(two), c.name());
        assertArrayEquals(expected, c.on(three), c.name());
      }
    }
  }
}
