package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Runner;
import akin.tensor.op.Op;
import akin.tensor.plan.FusedConv2d;
import akin.tensor.plan.FusedMatMul;
import akin.tensor.plan.InvertedResidual;
import akin.tensor.plan.Node;
import akin.tensor.plan.Program;
import akin.tensor.plan.Value;
import akin.tensor.plan.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program for the contract of {@code plan}, step by step, each on the output of the last, with
 * drawn weights. It keeps count of the roundings that meet in an output: an error of k roundings
 * that goes through a product of n terms is one of k + n.
 */
final class ContractProgram {
  private static final int INPUT = 0;

  private final ContractBench bench;
  private final List<Program.Step> steps = new ArrayList<>();
  private final List<Program.Place> places = new ArrayList<>();
  private final List<Shape> shapes = new ArrayList<>();
  private int last = INPUT;
  private int roundings;
  private boolean biased;
  private int residual = -1;
  private Activation act = Activation.IDENTITY;

  /** An empty program. */
  ContractProgram(ContractBench bench, Shape input) {
    this.bench = bench;
    place(input, null);
  }

  private int place(Shape shape, Buffer constant) {
    places.add(new Program.Place(shape.count(), constant));
    shapes.add(shape);
    return places.size() - 1;
  }

  private int constant(Shape shape) {
    double[] x = bench.normal(shape.count());
    Buffer buffer = bench.allocate(x.length);
    double[] terms = Arrays.stream(x).map(Math::abs).toArray();
    bench.backend().upload(bench.magnitudes() ? terms : x, buffer);
    return place(shape, buffer);
  }

  /** The place of the last output. */
  int last() {
    return last;
  }

  /** What follows the product of the next step; its residual is the place {@code added}, or −1. */
  ContractProgram then(int added, Activation activation) {
    biased = true;
    residual = added;
    act = bench.magnitudes() ? Activation.IDENTITY : activation; // makes no error larger
    return this;
  }

  private void step(Work work, Shape output, int... inputs) {
    List<Value> read = Arrays.stream(inputs).mapToObj(i -> Value.of(shapes.get(i))).toList();
    List<Integer> numbers = Arrays.stream(inputs).boxed().toList();
    last = place(output, null);
    steps.add(new Program.Step(new Node(work, "", read, Value.of(output)), numbers, last));
  }

  /** Whatever reads the last output, once or several times. */
  void op(Op op, int times, int terms) {
    int[] inputs = new int[times];
    Arrays.fill(inputs, last);
    Shape[] in = new Shape[times];
    Arrays.fill(in, shapes.get(last));
    step(new Work.Operator(op), op.shape(in), inputs);
    roundings = times * roundings + terms;
  }

  /** A convolution with a square kernel. */
  void conv(int outputs, int kernel, ConvShape.Window window, int groups) {
    Shape x = shapes.get(last);
    Shape w = Shape.of(outputs, x.dim(1) / groups, kernel, kernel);
    Work work = new FusedConv2d(window, groups, biased, residual >= 0, act);
    product(work, w, outputs, ConvShape.of(x, w, window, groups).output());
    roundings += x.dim(1) / groups * kernel * kernel + 3;
  }

  /**
   * An inverted residual, with a bias for each part and what is to follow it.
   *
   * @param first kernel of what widens, or null if nothing does
   * @param windows of both
   * @param inner what follows the parts before the last
   */
  void invertedResidual(
      Shape first, List<ConvShape.Window> windows, int outputs, Activation inner) {
    Activation between = bench.magnitudes() ? Activation.IDENTITY : inner;
    Shape x = shapes.get(last);
    List<FusedConv2d> parts = new ArrayList<>();
    List<Shape> kernels = new ArrayList<>();
    if (first != null) {
      parts.add(new FusedConv2d(windows.get(0), 1, true, false, between));
      kernels.add(first);
      x = ConvShape.of(x, first, windows.get(0), 1).output();
      roundings += first.product(1, 4) + 3;
    }
    int wide = x.dim(1);
    Shape middle = Shape.of(wide, 1, 3, 3);
    parts.add(new FusedConv2d(windows.get(1), wide, true, false, between));
    kernels.add(middle);
    parts.add(new FusedConv2d(ConvShape.Window.plain(), 1, true, residual >= 0, act));
    kernels.add(Shape.of(outputs, wide, 1, 1));
    roundings += 9 + wide + 6;
    List<Integer> inputs = new ArrayList<>(List.of(last));
    for (Shape kernel : kernels) {
      inputs.add(constant(kernel));
      inputs.add(constant(Shape.of(kernel.dim(0))));
    }
    if (residual >= 0) {
      inputs.add(residual);
    }
    Shape output = ConvShape.of(x, middle, windows.get(1), wide).output().with(1, outputs);
    step(
        new InvertedResidual(parts), output, inputs.stream().mapToInt(Integer::intValue).toArray());
    biased = false;
    residual = -1;
    act = Activation.IDENTITY;
  }

  /** A linear layer. */
  void linear(int outputs, boolean transposed) {
    Shape x = shapes.get(last);
    Shape w = transposed ? Shape.of(outputs, x.dim(1)) : Shape.of(x.dim(1), outputs);
    Work work = new FusedMatMul(transposed, biased, residual >= 0, act);
    product(work, w, outputs, x.with(1, outputs));
    roundings += x.dim(1) + 3;
  }

  private void product(Work work, Shape w, int outputs, Shape output) {
    List<Integer> inputs = new ArrayList<>(List.of(last, constant(w)));
    if (biased) {
      inputs.add(constant(Shape.of(outputs)));
    }
    if (residual >= 0) {
      inputs.add(residual);
    }
    step(work, output, inputs.stream().mapToInt(Integer::intValue).toArray());
    biased = false;
    residual = -1;
    act = Activation.IDENTITY;
  }

  /**
   * What was put together.
   *
   * @param slack elements that places between the steps are too long, times their number
   */
  Program program(int slack) {
    List<Program.Place> all = new ArrayList<>(places);
    for (int i = 0; i < all.size(); i++) {
      Program.Place place = places.get(i);
      if (i != INPUT && i != last && place.constant() == null) {
        all.set(i, new Program.Place(place.length() + (long) slack * i, null));
      }
    }
    return new Program(steps, all, INPUT, last);
  }

  /** Overwrites the constants that the runner does not read any more. */
  void spoilUnread(Runner runner) {
    for (Program.Place place : places) {
      if (place.constant() != null && !runner.reads(place.constant())) {
        bench.backend().fill(place.constant(), Double.NaN);
      }
    }
  }

  /** What the program makes of {@code x}. */
  Buffer run(Runner runner, Buffer x) {
    Buffer y = output();
    runner.run(x, y);
    return y;
  }

  /** Where the output goes. */
  Buffer output() {
    return bench.out(shapes.get(last).count());
  }

  /** Numbers for the program's input. */
  Buffer input() {
    return bench.term(bench.normal(shapes.get(INPUT).count()));
  }

  /** How far an output may lie from the truth. */
  Bound bound() {
    return Bound.ofTerms(roundings);
  }
}
