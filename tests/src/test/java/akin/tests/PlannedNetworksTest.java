package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbones;
import akin.nn.backbone.SmallConvNet;
import akin.nn.backbone.VisionTransformer;
import akin.nn.head.HiddenHead;
import akin.tensor.Inference;
import akin.tensor.Plan;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans of whole networks: the same outputs, fewer operators, no memory after the first run. */
class PlannedNetworksTest {
  private static final Shape PICTURES = Shape.of(2, 3, 32, 32);

  /**
   * Bytes that an operator may leave to the garbage collector in a run: small objects, such as the
   * tasks of its chunks; 5.3 KB were measured.
   */
  private static final long GARBAGE = 8_000;

  /** Larger networks differ in the number of their blocks only. */
  private static final long LARGEST = 26_000_000;

  /** Of transformers, whose parts GoldenVitTest plans in little networks. */
  private static final long SMALL = 6_000_000;

  static Stream<Arguments> networks() {
    Stream<Arguments> backbones =
        Backbones.names().stream()
            .map(name -> Architecture.parse(name + " classes=10"))
            .filter(a -> a.create().parameterCount() <= (hasOneSize(a) ? SMALL : LARGEST))
            .map(a -> hasOneSize(a) ? Architecture.parse(a.id() + " image=32") : a)
            .map(a -> Arguments.of(a.id(), PICTURES, (Supplier<Layer>) a::create));
    Supplier<Layer> small = () -> new SmallConvNet(SmallConvNet.Options.standard());
    Supplier<Layer> head = () -> new HiddenHead(40, new HiddenHead.Options(30, 20, 0.2));
    return Stream.concat(
        Stream.of(
            Arguments.of("small", PICTURES, small), Arguments.of("head", Shape.of(7, 40), head)),
        backbones);
  }

  private static boolean hasOneSize(Architecture architecture) {
    return architecture.create() instanceof VisionTransformer;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void plansGiveWhatNetworksGive(String name, Shape input, Supplier<Layer> network) {
    double[][] exact = plainAndPlanned("reference", network, input);
    double largest = largest(exact[0], new double[exact[0].length]);
    assertTrue(largest > 1e-3, "outputs that say something: " + largest);
    double fine = largest(exact[0], exact[1]);
    assertTrue(fine <= 1e-12 * largest, "reference: " + fine + " of " + largest);

    double[][] single = plainAndPlanned("cpu", network, input);
    double plain = largest(single[0], exact[0]);
    double planned = largest(single[1], exact[0]);
    assertTrue(planned <= 4 * plain, "cpu: error " + planned + ", of the network " + plain);
  }

  private static double[][] plainAndPlanned(String device, Supplier<Layer> made, Shape input) {
    try (Backend backend = Backends.open(device, 1);
        Layer network = made.get()) {
      network.initialise(backend, 1);
      Formula.fill(network, 1);
      network.eval();
      try (Scope scope = Scope.open(backend);
          Inference inference = Inference.of(network::apply)) {
        Tensor x = Tensor.of(input, Formula.v("x", input));
        double[] planned = inference.apply(x).toDoubles();
        assertArrayEquals(planned, inference.apply(x).toDoubles(), 0, "again with used memory");
        return new double[][] {network.apply(x).toDoubles(), planned};
      }
    }
  }

  /** max |a − b|. */
  private static double largest(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** A ResNet of b basic blocks has 2b + 1 convolutions, one more for each change of size. */
  @ParameterizedTest
  @CsvSource({"resnet18, 20", "resnet34, 36", "resnet50, 53", "resnet101, 104"})
  void everyBatchNormSumAndActivationOfAResNetIsGone(String name, int convolutions) {
    try (Backend backend = Backends.open("cpu", 1);
        Layer network = Architecture.parse(name + " classes=0").create()) {
      network.initialise(backend, 1);
      network.eval();
      try (Plan plan = Plan.of(network::apply, backend, Shape.of(1, 3, 224, 224))) {
        List<String> lines = plan.operators();
        assertEquals(
            convolutions, lines.stream().filter(line -> line.startsWith("Conv2d + bias")).count());
        assertEquals(1, lines.stream().filter(line -> line.startsWith("Into blocks")).count());
        assertEquals(1, lines.stream().filter(line -> line.startsWith("Out of blocks")).count());
        assertEquals(convolutions + 4, lines.size(), "with two poolings");
      }
    }
  }

  /** Without vectors, which are objects until they are compiled. */
  @Test
  void runningAllocatesNothing() throws Exception {
    List<String> options = List.of("-Dakin.vector.bits=0", "-Xmx1g");
    List<String> lines = ChildJvm.lines(options, Runs.class, "");
    assertEquals("buffers made after the first run: 0", lines.get(0));
    long bytes = Long.parseLong(lines.get(1));
    assertTrue(bytes < GARBAGE, "bytes of a run for each operator: " + bytes);
  }

  /** Prints what runs of a plan allocate. */
  static final class Runs {
    public static void main(String[] args) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      try (Backend backend = Backends.open("cpu", 1);
          Layer network = Architecture.parse("resnet18 classes=10").create()) {
        network.initialise(backend, 1);
        network.eval();
        try (Plan plan = Plan.of(network::apply, backend, PICTURES)) {
          long made = 0;
          long bytes = 0;
          for (int run = 0; run < 3; run++) {
            try (Scope scope = Scope.open(backend)) {
              Tensor x = Tensor.zeros(PICTURES);
              made = run == 1 ? backend.memory().allocated() : made;
              bytes = threads.getCurrentThreadAllocatedBytes();
              plan.run(x);
              bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            }
          }
          made = backend.memory().allocated() - made;
          System.out.println("buffers made after the first run: " + made);
          System.out.println(bytes / plan.operators().size());
        }
      }
    }
  }

  @Test
  void threadsDoNotChangeBits() {
    double[][] bits = new double[3][];
    for (int threads = 1; threads <= 3; threads++) {
      try (Backend backend = Backends.open("cpu", threads);
          Layer network = Architecture.parse("resnet18").create()) {
        network.initialise(backend, 1);
        Formula.fill(network, 1);
        network.eval();
        try (Scope scope = Scope.open(backend);
            Plan plan = Plan.of(network::apply, backend, PICTURES)) {
          Tensor x = Tensor.of(PICTURES, Formula.v("x", PICTURES));
          bits[threads - 1] = plan.run(x).toDoubles();
        }
      }
    }
    assertArrayEquals(bits[0], bits[1], 0);
    assertArrayEquals(bits[0], bits[2], 0);
  }

  /** 11 pictures of 140 pixels are 10 and one. */
  @Test
  void piecesDoNotChangeBits() {
    Shape many = Shape.of(11, 3, 140, 140);
    try (Backend backend = Backends.open("cpu", 2);
        Layer network = new SmallConvNet(SmallConvNet.Options.standard())) {
      network.initialise(backend, 1);
      Formula.fill(network, 1);
      network.eval();
      int[] traced = new int[1];
      UnaryOperator<Tensor> counted =
          x -> {
            traced[0]++;
            return network.apply(x);
          };
      try (Scope scope = Scope.open(backend);
          Inference whole = Inference.of(network::apply);
          Inference pieces = Inference.ofRows(counted)) {
        Tensor x = Tensor.of(many, Formula.v("x", many));
        assertArrayEquals(whole.apply(x).toDoubles(), pieces.apply(x).toDoubles(), 0);
        assertEquals(2, traced[0], "shapes of pieces");
      }
    }
  }
}
