package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akin.tensor.Plan;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.Noise;
import akin.tensor.plan.Blocking;
import akin.tensor.plan.Interpreter;
import akin.tensor.plan.Program;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Plans with values in blocks of channels have the bits of plans without. */
class LayoutsTest {
  private static final int L = Simd.BLOCKS.lanes();
  private static final Window PLAIN = Window.plain();
  private static final Window SAME = Window.of(1, 1);

  /** Weights, drawn in order; the same for each backend. */
  private static final class Weights {
    private final RandomStream stream = RandomStream.of(7, "layouts");
    private final Scope scope;
    private int drawn;
    private final List<Tensor> tensors = new ArrayList<>();

    Weights(Backend backend) {
      scope = Scope.detached(backend);
    }

    private Tensor draw(long... sizes) {
      int number = drawn++;
      if (number == tensors.size()) {
        RandomStream own = stream.child(number);
        tensors.add(scope.run(() -> Tensor.random(Shape.of(sizes), Noise.NORMAL, own, 0, 0.2)));
      }
      return tensors.get(number);
    }

    /** A convolution with a bias. */
    Tensor conv(Tensor x, int outputs, int side, Window window) {
      return x.conv2d(draw(outputs, x.dim(1), side, side), draw(outputs), window, 1);
    }

    Tensor conv(Tensor x, int outputs) {
      return conv(x, outputs, 1, PLAIN);
    }
  }

  private record Network(
      Shape input, BiFunction<Weights, Tensor, Tensor> function, List<String> operators) {}

  private static List<Network> networks() {
    List<Network> all = new ArrayList<>();
    for (int n : new int[] {1, 3}) {
      for (int side : new int[] {1, 2, 7, 14, 19}) {
        all.add(
            new Network(
                Shape.of(n, 2 * L, side, side + 1),
                (w, x) -> w.conv(w.conv(x, L).relu(), side == 7 ? 128 + L : 3 * L).relu6(),
                List.of("into", "conv", "conv", "out")));
      }
    }
    // strides, 3×3 by Winograd and by cells, a shortcut with a stride
    all.add(
        new Network(
            Shape.of(2, 64, 13, 14),
            (w, x) -> {
              Tensor y = w.conv(w.conv(w.conv(x, 64).relu(), 64, 3, SAME).relu(), 128);
              y = y.add(w.conv(x, 128)).relu();
              Tensor z = w.conv(w.conv(y, 32).relu(), 32, 3, Window.of(2, 1)).relu();
              return w.conv(z, 64).add(w.conv(y, 64, 1, Window.of(2, 0))).relu();
            },
            List.of(
                "into", "conv", "conv", "conv", "conv", "conv", "conv", "conv", "conv", "out")));
    all.add(
        new Network(
            Shape.of(1, 64, 64, 64),
            (w, x) -> w.conv(w.conv(x, 64, 3, SAME), 64, 3, SAME).relu(),
            List.of("into", "conv", "conv", "out")));
    // one alone is not worth it, nor are others than convolutions, nor odd channels
    all.add(new Network(Shape.of(2, L, 5, 6), (w, x) -> w.conv(x, L), List.of("conv")));
    all.add(
        new Network(
            Shape.of(2, L, 5, 6),
            (w, x) -> w.conv(w.conv(x, L).exp(), L),
            List.of("conv", "other", "conv")));
    all.add(
        new Network(
            Shape.of(2, L, 5, 6), (w, x) -> w.conv(w.conv(x, L + 1), L), List.of("conv", "conv")));
    // read inside and outside, in its own shape and in another
    all.add(
        new Network(
            Shape.of(2, L, 5, 6),
            (w, x) -> {
              Tensor y = w.conv(w.conv(x, L).relu(), 2 * L);
              Tensor z = w.conv(y, 2 * L).relu();
              return y.exp().add(z).reshape(2, 2 * L * 30);
            },
            List.of("into", "conv", "conv", "out", "conv", "out", "other", "other")));
    // a residual that comes from outside
    all.add(
        new Network(
            Shape.of(2, L, 5, 6),
            (w, x) -> w.conv(w.conv(x, L).relu(), L).add(x.exp()).relu(),
            List.of("into", "conv", "other", "into", "conv", "out")));
    return all;
  }

  /** What a plan gives, and its operators. */
  private record Result(double[] y, List<String> operators) {
    static Result of(Backend backend, Network network) {
      Weights weights = new Weights(backend);
      try (Scope scope = Scope.open(backend)) {
        RandomStream stream = RandomStream.of(8, "x");
        Tensor x = Tensor.random(network.input, Noise.NORMAL, stream, 0, 1);
        try (Plan plan =
            Plan.of(
                in -> {
                  weights.drawn = 0;
                  return network.function.apply(weights, in);
                },
                backend,
                network.input)) {
          return new Result(plan.run(x).toDoubles(), plan.operators());
        }
      } finally {
        weights.scope.close();
      }
    }

    List<String> kinds() {
      return operators.stream()
          .map(
              line ->
                  line.startsWith("Into")
                      ? "into"
                      : line.startsWith("Out") ? "out" : line.startsWith("Conv") ? "conv" : "other")
          .toList();
    }
  }

  /** The cpu backend, which takes nothing in blocks. */
  private static Backend plain(Backend cpu) {
    return with("blocking", args -> Blocking.NONE, cpu);
  }

  /** The cpu backend, with a method of its own. */
  private static Backend with(String name, Function<Object[], Object> own, Backend cpu) {
    return (Backend)
        Proxy.newProxyInstance(
            LayoutsTest.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, args) -> {
              try {
                return method.getName().equals(name) ? own.apply(args) : method.invoke(cpu, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void layoutsChangeNoBit() {
    for (Network network : networks()) {
      try (Backend one = new CpuBackend(1);
          Backend three = new CpuBackend(3)) {
        Result blocks = Result.of(one, network);
        Result planes = Result.of(plain(one), network);
        assertEquals(network.operators, blocks.kinds(), () -> String.join("\n", blocks.operators));
        assertArrayEquals(planes.y, blocks.y, () -> String.join("\n", blocks.operators));
        assertArrayEquals(blocks.y, Result.of(three, network).y, "three threads");
      }
    }
  }

  @Test
  void blocksThatNobodyPreparesAreRefused() {
    try (Backend cpu = new CpuBackend(1)) {
      Backend idle =
          with("plan", args -> Interpreter.of(cpu, (Program) args[0], step -> null), cpu);
      Network network = networks().get(0);
      assertThrows(IllegalStateException.class, () -> Result.of(idle, network));
    }
  }

  /** For other widths. */
  public static void main(String[] args) {
    new LayoutsTest().layoutsChangeNoBit();
    System.out.println(Simd.BITS + " bits");
  }
}
