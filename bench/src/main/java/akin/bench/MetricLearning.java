package akin.bench;

import akin.bench.Row.Cost;
import akin.bench.Row.Target;
import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Flatten;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.TripletMarginLoss;
import akin.nn.optim.Adam;
import akin.nn.optim.Optimizer;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Small networks that learn embeddings with Adam: steps in a second. */
final class MetricLearning {
  private static final int FEATURES = 2048;
  private static final int ATTRIBUTES = 40;
  private static final int EMBEDDING = 300;
  private static final int DIGITS = 128;

  private MetricLearning() {}

  // ---- digits ----

  /** The lab's network on 128 digits. */
  static Row digits(boolean triplets, double target) {
    // Multiply-adds of a picture: three convolutions; the first has no gradient of its input.
    double first = 26 * 26 * 32 * 9.0;
    double others = 11 * 11 * 32 * 32 * 9.0 + 3 * 3 * 64 * 32 * 9.0;
    // A triplet: two subtractions, a maximum and a sum, and half as much for the gradient.
    double loss = triplets ? 6.0 * DIGITS * DIGITS * DIGITS : 0;
    return new Row(
        "train digits" + (triplets ? " triplets" : " plain") + " b" + DIGITS,
        "steps/s",
        1,
        new Cost(2 * DIGITS * (2 * first + 3 * others) + loss, 0),
        Target.of(target),
        List.of(Peer.TORCH, Peer.DJL),
        1,
        (backend, threads) -> digits(backend, triplets));
  }

  private static Layer digitNetwork() {
    return new Sequential(
        new Conv2d(1, 32, 3),
        Activation.relu(),
        Pool.max(2, 2, 0),
        new Conv2d(32, 32, 3),
        Activation.relu(),
        Pool.max(2, 2, 0),
        new Conv2d(32, 64, 3),
        Activation.relu(),
        Pool.adaptiveAverage(2, 2),
        new Flatten(),
        new Normalize());
  }

  private static Task digits(Backend backend, boolean triplets) {
    Layer net = digitNetwork();
    AllTripletsLoss loss = new AllTripletsLoss(0.5, 0, AllTripletsLoss.Over.ONE);
    Scope scope = Scope.open(backend);
    Tensor x = Numbers.normal(Shape.of(DIGITS, 1, 28, 28));
    int[] labels = Numbers.labels(DIGITS, 10);
    return steps(
        backend,
        scope,
        net,
        () -> triplets ? loss.of(net.apply(x), labels).value() : net.apply(x).sum());
  }

  // ---- heads ----

  /** Heads on features of pictures and on attributes, drawn together by triplets. */
  static Row heads(int batch, double target) {
    double image = 2.0 * FEATURES * EMBEDDING; // multiply-adds; forward and weights
    double attributes = 2.0 * ATTRIBUTES * EMBEDDING + 3.0 * EMBEDDING * EMBEDDING;
    return new Row(
        "train heads b" + batch,
        "steps/s",
        1,
        new Cost(2 * batch * (image + 2 * attributes), 0),
        Target.of(target),
        List.of(Peer.TORCH, Peer.DJL),
        1,
        (backend, threads) -> heads(backend, batch));
  }

  private static Task heads(Backend backend, int batch) {
    Layer image = new Sequential(new Linear(FEATURES, EMBEDDING), new Normalize());
    Layer attributes =
        new Sequential(
            new Linear(ATTRIBUTES, EMBEDDING),
            new BatchNorm(EMBEDDING),
            Activation.relu(),
            new Linear(EMBEDDING, EMBEDDING),
            new BatchNorm(EMBEDDING),
            Activation.relu(),
            new Normalize());
    Layer both = new Sequential(Map.of("image", image, "attributes", attributes));
    TripletMarginLoss loss = TripletMarginLoss.of(0.1);
    Scope scope = Scope.open(backend);
    Tensor x = Numbers.normal(Shape.of(batch, FEATURES));
    Tensor positives = Numbers.normal(Shape.of(batch, ATTRIBUTES));
    Tensor negatives = Numbers.normal(Shape.of(batch, ATTRIBUTES)).mul(-1);
    return steps(
        backend,
        scope,
        both,
        () -> {
          Tensor[] asked = attributes.applyEach(positives, negatives);
          return loss.of(image.apply(x), asked[0], asked[1]);
        });
  }

  private static Task steps(Backend backend, Scope scope, Layer net, Supplier<Tensor> loss) {
    net.initialise(backend, 1);
    Optimizer optimizer = new Optimizer(net, Adam.of(Pictures.RATE));
    return new Task() {
      @Override
      public void run() {
        try (Tape tape = Tape.open(backend)) {
          optimizer.step(tape.backward(loss.get()));
          backend.synchronize();
        }
      }

      @Override
      public void close() {
        optimizer.close();
        net.close();
        scope.close();
      }
    };
  }
}
