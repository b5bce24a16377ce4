package akin.bench;

import akin.bench.Row.Cost;
import akin.bench.Row.Target;
import akin.nn.Layer;
import akin.nn.backbone.Architecture;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Sgd;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.ConvShape;
import java.util.List;
import java.util.Map;

/** ResNet-50 and MobileNetV2 on pictures of 224×224: pictures in a second. */
final class Pictures {
  private static final int SIDE = 224;
  private static final int CLASSES = 1000;

  /** So small that nothing converges: gradients keep their size, and with it their cost. */
  static final double RATE = 1e-8;

  private Pictures() {}

  static Row inference(String network, int batch, double target) {
    return new Row(
        "infer " + network + " b" + batch,
        "images/s",
        batch,
        new Cost(batch * (convolutions(network, 1) + classifier(network)), weights(network)),
        Target.of(target),
        List.of(Peer.ORT, Peer.TORCH_JIT, Peer.TORCH_NHWC, Peer.TORCH, Peer.DJL),
        1,
        (backend, threads) -> infer(backend, network, batch));
  }

  static Row training(String network, int batch, double target) {
    // Forward and two gradients; nobody wants the gradient of the pictures.
    ConvShape first = Convolutions.of(network, 1).keySet().iterator().next();
    double flops = 3 * (convolutions(network, 1) + classifier(network)) - Convolutions.flops(first);
    return new Row(
        "train " + network + " b" + batch,
        "images/s",
        batch,
        // Weights, gradients and momentum are read and written in the step, weights again before.
        new Cost(batch * flops, 6 * weights(network)),
        Target.of(target),
        List.of(Peer.TORCH_NHWC, Peer.TORCH, Peer.DJL),
        1,
        (backend, threads) -> train(backend, network, batch));
  }

  private static double convolutions(String network, int batch) {
    double flops = 0;
    for (Map.Entry<ConvShape, Integer> layer : Convolutions.of(network, batch).entrySet()) {
      flops += layer.getValue() * Convolutions.flops(layer.getKey());
    }
    return flops;
  }

  private static int width(String network) {
    return network.equals("resnet50") ? 2048 : 1280;
  }

  private static double classifier(String network) {
    return 2.0 * width(network) * CLASSES;
  }

  private static double weights(String network) {
    double count = (double) width(network) * CLASSES;
    for (Map.Entry<ConvShape, Integer> layer : Convolutions.of(network, 1).entrySet()) {
      count += (double) layer.getValue() * layer.getKey().kernel().count();
    }
    return 4 * count;
  }

  private static Task infer(Backend backend, String network, int batch) {
    Scope scope = Scope.open(backend);
    Layer net = Architecture.parse(network).create();
    net.initialise(backend, 1);
    net.eval();
    Inference inference = Inference.ofRows(net::apply);
    Tensor x = Numbers.normal(Shape.of(batch, 3, SIDE, SIDE));
    return new Task() {
      @Override
      public void run() {
        try (Scope call = Scope.open()) {
          inference.apply(x);
          backend.synchronize();
        }
      }

      @Override
      public void close() {
        inference.close();
        net.close();
        scope.close();
      }
    };
  }

  private static Task train(Backend backend, String network, int batch) {
    Scope scope = Scope.open(backend);
    Layer net = Architecture.parse(network).create();
    net.initialise(backend, 1);
    Optimizer optimizer = new Optimizer(net, Sgd.of(RATE, 0.9));
    Tensor x = Numbers.normal(Shape.of(batch, 3, SIDE, SIDE));
    int[] labels = Numbers.labels(batch, CLASSES);
    return new Task() {
      @Override
      public void run() {
        try (Tape tape = Tape.open(backend)) {
          optimizer.step(tape.backward(net.apply(x).crossEntropy(labels, 0)));
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
