package akin.tensor.check;

import akin.tensor.Plan;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.MemoryReport;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Runner;
import akin.tensor.op.AdaptivePool2d;
import akin.tensor.op.MatMul;
import akin.tensor.op.Op;
import akin.tensor.op.Pool2d;
import akin.tensor.op.Softmax;
import akin.tensor.plan.Blocking;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Cases for programs: what is prepared once gives in every run what the methods give. */
final class PlanContract {
  private static final Window PLAIN = Window.plain();
  private static final Window SAME = Window.of(1, 1);
  private static final Pool2d NOTHING = Pool2d.square(PoolShape.Kind.MAX, 1, 1, 0);

  private final List<ContractCase> cases;

  private PlanContract(List<ContractCase> cases) {
    this.cases = cases;
  }

  static void addTo(List<ContractCase> cases) {
    PlanContract c = new PlanContract(cases);
    c.convolutions();
    c.linearLayers();
    c.chains();
    c.invertedResiduals();
    c.longPlaces();
    cases.add(new ContractCase("plan", "memory", PlanContract::memory));
    cases.add(new ContractCase("blocking", "convolutions that follow each other", c::inBlocks));
  }

  private void convolutions() {
    add("1×1", Shape.of(2, 13, 7, 8), p -> p.conv(7, 1, PLAIN, 1));
    add("1×1 of one pixel", Shape.of(1, 64, 1, 1), p -> p.conv(8, 1, PLAIN, 1));
    add("1×1, many pixels", Shape.of(3, 5, 20, 21), p -> p.conv(30, 1, PLAIN, 1));
    add("1×1, no picture", Shape.of(0, 3, 4, 4), p -> p.conv(2, 1, PLAIN, 1));
    add("1×1, stride 2", Shape.of(2, 8, 13, 7), p -> p.conv(13, 1, Window.of(2, 0), 1));
    add("stem", Shape.of(1, 3, 33, 30), p -> p.conv(13, 7, Window.of(2, 3), 1));
    add("groups", Shape.of(1, 16, 13, 13), p -> p.conv(32, 3, Window.of(2, 1), 4));
    add("depthwise", Shape.of(2, 13, 8, 9), p -> p.conv(13, 3, SAME, 13));
    add("depthwise 5×5", Shape.of(1, 7, 16, 13), p -> p.conv(7, 5, Window.of(2, 2), 7));
  }

  private void linearLayers() {
    int[][] sizes = {{1, 1, 1}, {3, 7, 13}, {64, 40, 30}, {1, 207, 64}, {13, 702, 3}, {0, 4, 5}};
    for (int[] s : sizes) {
      for (boolean turned : new boolean[] {false, true}) {
        String name = "linear " + Arrays.toString(s) + (turned ? ", transposed" : "");
        Shape input = Shape.of(s[0], s[1]);
        add(name, input, p -> p.linear(s[2], turned));
        add(
            name + ", there and back",
            input,
            p -> {
              int shortcut = p.last();
              p.then(-1, Activation.RELU).linear(s[2], turned);
              p.then(shortcut, Activation.RELU6).linear(s[1], !turned);
            });
      }
    }
  }

  private void chains() {
    add(
        "an inverted residual",
        Shape.of(2, 6, 9, 10),
        p -> {
          int shortcut = p.last();
          p.then(-1, Activation.RELU6).conv(18, 1, PLAIN, 1);
          p.then(-1, Activation.RELU6).conv(18, 3, SAME, 18);
          p.then(shortcut, Activation.IDENTITY).conv(6, 1, PLAIN, 1);
        });
    add(
        "convolution, pooling, product with itself",
        Shape.of(2, 3, 12, 12),
        p -> {
          p.then(-1, Activation.RELU).conv(5, 3, Window.of(2, 1), 1);
          p.op(Pool2d.square(PoolShape.Kind.AVERAGE, 3, 3, 0), 1, 10);
          p.op(new MatMul(false, true), 2, 2);
        });
  }

  private void invertedResiduals() {
    Window valid = Window.plain();
    Window half = Window.of(2, 1);
    Window late = new Window(2, 2, 0, 1, 0, 1, 1, 1);
    Window far = new Window(1, 1, 3, 0, 2, 4, 1, 1);
    inverted("plain", Shape.of(2, 6, 9, 10), 18, SAME, 6, Activation.RELU6);
    inverted("one cell", Shape.of(3, 40, 1, 1), 13, SAME, 40, Activation.RELU);
    inverted("two rows", Shape.of(1, 33, 2, 13), 65, SAME, 33, Activation.IDENTITY);
    inverted("stride 2", Shape.of(2, 5, 8, 7), 33, half, 31, Activation.RELU6);
    inverted("stride 2, padded at the end", Shape.of(1, 3, 14, 13), 7, late, 64, Activation.RELU6);
    inverted("nothing padded", Shape.of(1, 8, 5, 6), 48, valid, 13, Activation.RELU);
    inverted("padded far", Shape.of(1, 3, 4, 4), 16, far, 5, Activation.RELU6);
    inverted("not widened", Shape.of(2, 37, 7, 8), 37, SAME, 37, Activation.RELU6);
    inverted("not widened, stride 2", Shape.of(1, 16, 15, 9), 16, half, 3, Activation.RELU);
    inverted("bands", Shape.of(1, 4, 64, 60), 207, SAME, 4, Activation.RELU6);
    inverted("bands, stride 2", Shape.of(2, 4, 113, 90), 70, half, 9, Activation.RELU6);
    inverted("many pictures", Shape.of(13, 3, 14, 14), 130, SAME, 20, Activation.RELU6);
    Window stem = new Window(2, 2, 1, 1, 2, 0, 1, 1);
    picture("stem and separable", Shape.of(2, 3, 33, 30), Shape.of(32, 3, 3, 3), stem, SAME);
    picture("stem, stride 1", Shape.of(5, 1, 12, 9), Shape.of(13, 1, 5, 3), SAME, half);
    picture("stem, padded far", Shape.of(1, 4, 3, 2), Shape.of(40, 4, 2, 2), Window.of(2, 4), far);
    picture("stem, bands", Shape.of(2, 3, 130, 270), Shape.of(64, 3, 3, 3), half, SAME);
    inverted("no picture", Shape.of(0, 3, 4, 4), 8, SAME, 3, Activation.RELU6);
  }

  /** With a residual where the shape allows it. */
  private void inverted(
      String name, Shape input, int wide, Window window, int outputs, Activation inner) {
    add(
        "inverted residual: " + name,
        input,
        p -> {
          boolean same = window.equals(SAME) && outputs == input.dim(1);
          p.then(same ? p.last() : -1, same ? Activation.RELU : Activation.IDENTITY);
          Shape first = Shape.of(wide, input.dim(1), 1, 1);
          List<Window> windows = List.of(PLAIN, window);
          p.invertedResidual(wide == input.dim(1) ? null : first, windows, outputs, inner);
        });
  }

  /** Where the first part sees a picture. */
  private void picture(String name, Shape input, Shape kernel, Window first, Window second) {
    add(name, input, p -> p.invertedResidual(kernel, List.of(first, second), 16, Activation.RELU6));
  }

  private void add(String name, Shape input, Consumer<ContractProgram> making) {
    cases.add(
        new ContractCase(
            "plan",
            name,
            t -> {
              ContractProgram made = new ContractProgram(t, input);
              making.accept(made);
              try (Runner runner = t.backend().plan(made.program(0))) {
                made.spoilUnread(runner);
                for (int run = 0; run < 2; run++) {
                  t.check("y of run " + run, made.run(runner, made.input()), made.bound());
                }
              }
            }));
  }

  /** Work that goes by shapes gives the same in places that are too long. */
  private void longPlaces() {
    Shape input = Shape.of(3, 4, 5, 7);
    Op[] ops = {
      new Softmax(false, 1),
      new MatMul(false, true),
      Pool2d.square(PoolShape.Kind.AVERAGE, 3, 2, 1),
      new AdaptivePool2d(PoolShape.Kind.AVERAGE, 2, 3)
    };
    for (Op op : ops) {
      longPlaces(
          op.name(),
          input,
          p -> {
            p.op(NOTHING, 1, 0);
            p.op(op, op instanceof MatMul ? 2 : 1, 0);
            p.op(NOTHING, 1, 0);
          });
    }
    longPlaces(
        "convolutions",
        input,
        p -> {
          p.then(-1, Activation.RELU).conv(9, 1, PLAIN, 1);
          int shortcut = p.last();
          p.conv(9, 3, SAME, 9);
          p.then(shortcut, Activation.RELU6).conv(9, 3, SAME, 1);
          p.conv(6, 1, Window.of(2, 0), 3);
        });
  }

  private void longPlaces(String name, Shape input, Consumer<ContractProgram> making) {
    cases.add(
        new ContractCase(
            "plan",
            name + " in places too long",
            t -> {
              ContractProgram right = new ContractProgram(t, input);
              making.accept(right);
              Buffer x = right.input();
              try (Runner runner = t.backend().plan(right.program(0))) {
                double[] expected = t.download(right.run(runner, x));
                try (Runner other = t.backend().plan(right.program(13))) {
                  double[] found = t.download(right.run(other, x));
                  t.holds("the same bits", Arrays.equals(expected, found));
                }
              }
            }));
  }

  private static void memory(ContractBench t) {
    ContractProgram made = new ContractProgram(t, Shape.of(2, 6, 9, 10));
    made.then(-1, Activation.RELU6).conv(18, 3, SAME, 6);
    made.then(-1, Activation.RELU).conv(18, 1, PLAIN, 1);
    Buffer x = made.input();
    Buffer y = made.output();
    MemoryReport before = t.backend().memory();
    Runner runner = t.backend().plan(made.program(0));
    runner.run(x, y);
    MemoryReport first = t.backend().memory();
    runner.run(x, y);
    MemoryReport second = t.backend().memory();
    t.holds("nothing kept by a second run", second.liveBytes() == first.liveBytes());
    runner.close();
    runner.close();
    MemoryReport after = t.backend().memory();
    t.holds("all given back", after.liveBuffers() == before.liveBuffers());
    t.holds("with their bytes", after.liveBytes() == before.liveBytes());
    t.holds("closed is closed", MemoryContract.refused(() -> runner.run(x, y)));
    t.check("y", y, made.bound());
  }

  /**
   * Whatever a backend takes in blocks of channels, its plans give what its operators give: of
   * three convolutions, and a shortcut past the second.
   */
  private void inBlocks(ContractBench t) {
    Blocking blocking = t.backend().blocking();
    t.holds("a block has a channel", blocking.channels() >= 1);
    Shape input = Shape.of(2, 16, 7, 9);
    Shape[] kernels = {Shape.of(32, 16, 1, 1), Shape.of(32, 32, 3, 3), Shape.of(48, 32, 1, 1)};
    double roundings = 1; // of the shortcut
    Tensor[] weights = new Tensor[kernels.length];
    Tensor[] sizes = new Tensor[kernels.length];
    try (Scope scope = Scope.open(t.backend())) {
      Tensor x = Tensor.of(input, t.normal(input.count()));
      for (int i = 0; i < kernels.length; i++) {
        weights[i] = Tensor.of(kernels[i], t.normal(kernels[i].count()));
        sizes[i] = weights[i].abs();
        roundings += kernels[i].count() / kernels[i].dim(0);
      }
      double[] terms = convolved(x.abs(), sizes).toDoubles();
      double[] plain = convolved(x, weights).toDoubles();
      try (Plan plan = Plan.of(in -> convolved(in, weights), t.backend(), input)) {
        double[] planned = plan.run(x).toDoubles();
        double u = Bound.Precision.of(t.backend().elementBytes()).roundoff();
        for (int i = 0; i < plain.length; i++) {
          t.holds("the same", Math.abs(planned[i] - plain[i]) <= 2 * roundings * u * terms[i]);
        }
      }
    }
  }

  private static Tensor convolved(Tensor x, Tensor[] weights) {
    Tensor y = x.conv2d(weights[0], null, PLAIN, 1).relu();
    y = y.conv2d(weights[1], null, SAME, 1).add(y).relu();
    return y.conv2d(weights[2], null, PLAIN, 1);
  }
}
