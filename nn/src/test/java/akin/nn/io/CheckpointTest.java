package akin.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Dropout;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.nn.StateDict;
import akin.nn.metric.CrossEntropyLoss;
import akin.nn.optim.AdamW;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Schedule;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final int STEPS = 12;

  @TempDir private Path folder;

  private static Layer net() {
    return new Sequential(
        new Linear(5, 16),
        new BatchNorm(16),
        Activation.relu(),
        new Dropout(0.3),
        new Linear(16, 3));
  }

  private static void train(Backend backend, Layer net, Optimizer optimizer, int from, int to) {
    Schedule schedule = Schedule.cosine(STEPS, 0).warmedLinearly(3);
    for (int step = from; step < to; step++) {
      net.step(step);
      optimizer.follow(schedule, step);
      try (Tape tape = Tape.open(backend)) {
        RandomStream noise = RandomStream.of(1, "x").child(step);
        Tensor x = Tensor.random(Shape.of(6, 5), Noise.NORMAL, noise, 0, 1);
        int[] labels = {0, 1, 2, 0, 1, 2};
        optimizer.step(tape.backward(CrossEntropyLoss.plain().of(net.apply(x), labels).value()));
      }
    }
  }

  /** Weights, running statistics, moments, rates and dropout masks: the files' bytes are equal. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void aResumedRunEndsWithTheSameBytes(String device) throws IOException {
    Path half = folder.resolve("half");
    Path through = folder.resolve("through");
    Path resumed = folder.resolve("resumed");
    try (Backend backend = Backends.open(device, 2);
        Layer first = net();
        Layer second = net()) {
      first.initialise(backend, 4);
      try (Optimizer optimizer = new Optimizer(first, AdamW.of(0.01)).clipNorm(1)) {
        train(backend, first, optimizer, 0, STEPS / 2);
        Checkpoint.write(half, first, optimizer, Map.of("step", STEPS / 2.0));
        train(backend, first, optimizer, STEPS / 2, STEPS);
        Checkpoint.write(through, first, optimizer, Map.of());
      }
      second.initialise(backend, 4);
      try (Optimizer optimizer = new Optimizer(second, AdamW.of(0.01)).clipNorm(1)) {
        int step = Checkpoint.read(half, second, optimizer).get("step").intValue();
        train(backend, second, optimizer, step, STEPS);
        Checkpoint.write(resumed, second, optimizer, Map.of());
      }
    }
    assertArrayEquals(Files.readAllBytes(through), Files.readAllBytes(resumed));
  }

  @Test
  void figuresComeBackExactly() {
    Map<String, Double> figures =
        Map.of("step", 1e15 + 1, "best", Double.POSITIVE_INFINITY, "loss", 0.1 + 0.2);
    try (Backend backend = Backends.open("reference", 1);
        Layer net = net()) {
      net.initialise(backend, 1);
      try (Optimizer optimizer = new Optimizer(net, AdamW.of(0.1))) {
        Path file = folder.resolve("checkpoint");
        Checkpoint.write(file, net, optimizer, figures);
        assertEquals(figures, Checkpoint.read(file, net, optimizer));
      }
    }
  }

  @Test
  void otherFilesAndOtherNetworksAreRefused() {
    try (Backend backend = Backends.open("reference", 1);
        Layer net = net();
        Layer other = new Sequential(new Linear(5, 16))) {
      net.initialise(backend, 1);
      other.initialise(backend, 1);
      try (Optimizer optimizer = new Optimizer(net, AdamW.of(0.1));
          Optimizer others = new Optimizer(other, AdamW.of(0.1))) {
        Path weights = folder.resolve("weights");
        Safetensors.write(weights, StateDict.of(net).arrays("model."), Map.of());
        UserError noCheckpoint =
            assertThrows(UserError.class, () -> Checkpoint.read(weights, net, optimizer));
        assertTrue(noCheckpoint.getMessage().contains("no checkpoint"));
        Path file = folder.resolve("checkpoint");
        Checkpoint.write(file, net, optimizer, Map.of());
        UserError another =
            assertThrows(UserError.class, () -> Checkpoint.read(file, other, others));
        assertTrue(another.getMessage().contains("unexpected key(s)"), another.getMessage());
      }
    }
  }
}
