package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.tensor.Gradients;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Values and gradients of every golden operation equal PyTorch's, on the reference backend in
 * float64 and on the CPU in float32.
 *
 * <p>That includes the corners and ties of {@code kinks}: Akin has PyTorch's conventions there. It
 * differs knowingly in two places, which the compositions spell out: its maximum over axes always
 * shares the gradient among ties (PyTorch's maximum with an index gives it to one; {@code
 * gatherRows} does that), and a norm below eps has the slope 0, not PyTorch 1.13's x/eps.
 */
class GoldenOpsTest {
  private static final List<String> FAMILIES =
      List.of("conv2d", "pool", "norm", "dense", "elementwise", "kinks", "losses", "shape");

  /** Operations that Akin has not, each with the reason. */
  private static final Map<String, String> SKIPPED =
      Map.of("atan", "no arc tangent: no network or loss of Akin needs one");

  /** Sums that cancel, where float32 errors are measured by the tensor's largest element. */
  private static final Set<String> CANCELLING =
      Set.of("conv2d", "linear", "matmul", "attention", "multi_head_self_attention");

  private final Map<String, Function<GoldenRun, Tensor>> table = GoldenOps.table();

  @TestFactory
  Stream<DynamicTest> reference() {
    return tests("reference");
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    return tests("cpu");
  }

  @Test
  void nothingElseIsSkipped() {
    GoldenCase.assumePresent();
    Set<String> missing = new TreeSet<>();
    int skipped = 0;
    List<GoldenCase> cases = cases();
    for (GoldenCase each : cases) {
      if (!table.containsKey(each.op())) {
        missing.add(each.op());
        skipped++;
        System.out.println("skipped: " + each + ": " + SKIPPED.get(each.op()));
      }
    }
    System.out.println("golden operations: " + skipped + " of " + cases.size() + " cases skipped");
    assertEquals(new TreeSet<>(SKIPPED.keySet()), missing);
  }

  private static List<GoldenCase> cases() {
    List<GoldenCase> cases = new ArrayList<>();
    FAMILIES.forEach(family -> cases.addAll(GoldenCase.read(family)));
    return cases;
  }

  private Stream<DynamicTest> tests(String device) {
    GoldenCase.assumePresent();
    Backend backend = Backends.open(device, 1);
    return cases().stream()
        .filter(each -> table.containsKey(each.op()))
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> check(each, backend)))
        .onClose(backend::close);
  }

  private void check(GoldenCase golden, Backend backend) {
    try (Tape tape = Tape.open(backend)) {
      GoldenRun run = new GoldenRun(golden);
      Tensor y = table.get(golden.op()).apply(run);
      Gradients gradients = tape.backward(y, run.in("grad_y"));

      compare(golden, "y", y, backend);
      for (String input : golden.gradients()) {
        Tensor leaf = run.in(input);
        Tensor gradient = gradients.has(leaf) ? gradients.of(leaf) : Tensor.zeros(leaf.shape());
        compare(golden, "grad_" + input, gradient, backend);
      }
      for (String extra : golden.also()) {
        if (extra.endsWith("_after")) { // a state after the call
          compare(golden, extra, run.in(extra.replace("_after", "")), backend);
        } else if (!golden.op().equals("max_pool2d")) { // there the gradient shows the index
          assertArrayEquals(run.ints(extra), run.index(), extra);
        }
      }
    }
  }

  private static void compare(GoldenCase golden, String name, Tensor actual, Backend backend) {
    double[] expected = golden.tensors().get(name).values();
    Shape shape = golden.tensors().get(name).shape();
    assertEquals(shape, actual.shape(), "shape of " + name);
    double[] values = actual.toDoubles();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      double allowed =
          backend.elementBytes() == Double.BYTES
              ? allowed64(golden, name, expected[i])
              : 1e-5 + 1e-4 * (CANCELLING.contains(golden.op()) ? largest : Math.abs(expected[i]));
      if (!(Math.abs(values[i] - expected[i]) <= allowed)) {
        throw new AssertionError(
            String.format(
                "%s: %s[%d] of %s is %s, expected %s: off by %.1e, allowed %.1e",
                golden,
                name,
                i,
                shape,
                values[i],
                expected[i],
                Math.abs(values[i] - expected[i]),
                allowed));
      }
    }
  }

  private static double allowed64(GoldenCase golden, String name, double expected) {
    if (golden.op().equals("hardsigmoid") && name.equals("grad_x")) {
      return 3.1e-8 * Math.abs(expected); // PyTorch rounds 1/6 to float32 there
    }
    double matrixProduct = golden.name().matches("cdist_.*_over25") ? 1e-9 : 0;
    return 1e-11 + 1e-10 * Math.abs(expected) + matrixProduct;
  }
}
