package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.LabConvNet;
import akin.nn.optim.Adam;
import akin.nn.optim.Optimizer;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Noise;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Training is a steady state: after the first steps neither memory nor time grows. */
class LongTrainingTest {
  private static final int STEPS = 500;
  private static final int SETTLED = 100;
  private static final int BATCH = 16;

  @Test
  void fiveHundredStepsKeepHeapBuffersAndStepTimeFlat() {
    long[] nanos = new long[STEPS];
    long heap = 0;
    long buffers = 0;
    try (Backend backend = Backends.open("cpu", 2);
        LabConvNet net = new LabConvNet()) {
      net.initialise(backend, 1);
      try (Optimizer optimizer = new Optimizer(net, Adam.of(1e-3))) {
        for (int step = 0; step < STEPS; step++) {
          if (step == SETTLED) {
            heap = heapAfterCollection();
            buffers = backend.memory().allocated();
          }
          long start = System.nanoTime();
          update(backend, net, optimizer, step);
          nanos[step] = System.nanoTime() - start;
        }
        long growth = heapAfterCollection() - heap;
        assertTrue(growth < 1 << 20, "400 steps leave " + growth + " bytes behind");
        assertEquals(buffers, backend.memory().allocated(), "no buffer is made any more");
      }
    }
    long early = median(nanos, SETTLED, SETTLED + 100);
    long late = median(nanos, STEPS - 100, STEPS);
    assertTrue(late < 2 * early, "a step took " + early + " ns, in the end " + late + " ns");
  }

  private static void update(Backend backend, LabConvNet net, Optimizer optimizer, int step) {
    RandomStream stream = RandomStream.of(1, "pictures").child(step);
    int[] labels = IntStream.range(0, BATCH).map(i -> i % 10).toArray();
    try (Scope scope = Scope.open(backend);
        Tape tape = Tape.open()) {
      Tensor x = Tensor.random(Shape.of(BATCH, 1, 28, 28), Noise.NORMAL, stream, 0, 1);
      optimizer.step(tape.backward(net.apply(x).crossEntropy(labels, 0)));
    }
  }

  private static long heapAfterCollection() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static long median(long[] values, int from, int to) {
    long[] part = Arrays.copyOfRange(values, from, to);
    Arrays.sort(part);
    return part[part.length / 2];
  }
}
