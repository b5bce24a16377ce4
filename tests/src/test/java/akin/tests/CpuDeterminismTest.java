package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.check.BackendContract;
import akin.tensor.check.ContractCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same call gives the same bits, whoever computes it and however warm the machine is. */
class CpuDeterminismTest {
  /** An interpreter makes some thousand times fewer numbers in a second than compiled code. */
  private static final int FEW = 1000;

  /** So often every kernel's loops have run when the compiler has long been done with them. */
  private static final int ROUNDS = 200;

  private static final List<ContractCase> CASES =
      BackendContract.cases().stream().filter(c -> !c.method().equals("close")).toList();

  @Test
  void threadsDoNotChangeBits() {
    List<String> different = new ArrayList<>();
    try (Backend one = Backends.open("cpu", 1);
        Backend two = Backends.open("cpu", 2);
        Backend three = Backends.open("cpu", 3)) {
      for (ContractCase c : CASES) {
        int expected = bits(c, one);
        if (bits(c, two) != expected || bits(c, three) != expected) {
          different.add(c.toString());
        }
      }
    }
    assertEquals(List.of(), different);
  }

  @Test
  void compilingDoesNotChangeBits() throws Exception {
    try (Backend backend = Backends.open("cpu", 1)) {
      int[] small =
          IntStream.range(0, CASES.size())
              .filter(i -> numbers(CASES.get(i), backend) <= FEW)
              .toArray();
      String chosen =
          Arrays.stream(small).mapToObj(Integer::toString).collect(Collectors.joining(","));
      List<String> interpreted =
          ChildJvm.lines(
              List.of("--add-modules", "jdk.incubator.vector", "-Xint"), Interpreted.class, chosen);
      assertTrue(small.length > 1000 && interpreted.size() == small.length);
      List<String> different = new ArrayList<>();
      for (int round = 0; round < ROUNDS && different.isEmpty(); round++) {
        for (int i = 0; i < small.length; i++) {
          ContractCase c = CASES.get(small[i]);
          if (bits(c, backend) != Integer.parseInt(interpreted.get(i))) {
            different.add(c + " in round " + round);
          }
        }
      }
      assertEquals(List.of(), different);
    }
  }

  private static long numbers(ContractCase c, Backend backend) {
    return c.run(backend).stream().mapToLong(x -> x.length).sum();
  }

  private static int bits(ContractCase c, Backend backend) {
    return Arrays.deepHashCode(c.run(backend).toArray());
  }

  /** Prints the hashes of the chosen cases; to be run by an interpreter. */
  static final class Interpreted {
    public static void main(String[] args) {
      try (Backend backend = Backends.open("cpu", 1)) {
        for (String i : args[0].split(",")) {
          System.out.println(bits(CASES.get(Integer.parseInt(i)), backend));
        }
      }
    }
  }
}
