package akin.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.SmallConvNet;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Noise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts what a backend is asked for: nothing for gradients that nobody wants. */
class UnwantedGradientsTest {
  private final Map<String, Integer> calls = new TreeMap<>();
  private Backend real;
  private Backend backend;
  private Bundle net;
  private SmallConvNet backbone;
  private Linear head;

  @BeforeEach
  void open() {
    real = Backends.open("cpu", 1);
    backend = counting(real);
    backbone = new SmallConvNet(new SmallConvNet.Options(1, new int[] {2, 3, 4}, 1));
    head = new Linear(4, 2);
    net = new Bundle().with("backbone", backbone).with("head", head);
    net.initialise(backend, 1);
  }

  @AfterEach
  void close() {
    net.close();
    real.close();
  }

  private Backend counting(Backend target) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, args) -> {
              calls.merge(method.getName(), 1, Integer::sum);
              try {
                return method.invoke(target, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  /** One step; the counters hold its backward part, the result is what is live before it. */
  private long step() {
    try (Scope scope = Scope.open(backend);
        Tape tape = Tape.open()) {
      Tensor x =
          Tensor.random(Shape.of(3, 1, 16, 16), Noise.UNIFORM, RandomStream.of(2, "x"), -1, 1);
      long before = real.memory().liveBuffers();
      Tensor y = head.apply(backbone.apply(x)).square().sum();
      long live = real.memory().liveBuffers() - before;
      calls.clear();
      tape.backward(y);
      return live;
    }
  }

  private static final int CONVOLUTIONS = 1 + 2 + 3 + 3; // conv1; two a block, and its shortcut's

  @Test
  void whereAllLearnsOnlyThePicturesGetNoGradient() {
    step();
    assertEquals(CONVOLUTIONS, calls("conv2dGradWeight"));
    assertEquals(CONVOLUTIONS - 1, calls("conv2dGradInput"));
    assertEquals(CONVOLUTIONS, calls("batchNormGrad"));
  }

  @Test
  void aFrozenBackboneIsNeverPlayedBackAndKeepsNothing() {
    long whole = step();
    new NamePattern("backbone").freeze(net, true);
    long live = step();
    assertEquals(0, calls("conv2dGradWeight"));
    assertEquals(0, calls("conv2dGradInput"));
    assertEquals(0, calls("batchNormGrad"));
    assertEquals(1, calls("matmul"), "the head's weight; nobody wants its input's");
    // features, product, sum with the bias, square, their sum
    assertEquals(5, live, "of " + whole + " with a backbone that learns");
  }

  @Test
  void belowTheLowestLayerThatLearnsNothingIsDone() {
    new NamePattern("backbone").freeze(net, true);
    new NamePattern("backbone.layer3").freeze(net, false);
    step();
    assertEquals(3, calls("conv2dGradWeight"));
    assertEquals(1, calls("conv2dGradInput"), "of the second; the first two see the frozen part");
    assertEquals(3, calls("batchNormGrad"));
  }

  @Test
  void throughFrozenWeightsGradientsPassWithoutTheirs() {
    new NamePattern("backbone").freeze(net, true);
    new NamePattern("backbone.conv1").freeze(net, false);
    step();
    assertEquals(1, calls("conv2dGradWeight"), "conv1's");
    assertEquals(CONVOLUTIONS - 1, calls("conv2dGradInput"));
    assertTrue(calls("batchNormGrad") == CONVOLUTIONS, "held statistics hand gradients on");
  }
}
