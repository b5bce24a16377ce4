package akin.bench;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** The rows' work in the Deep Java Library's words. */
final class DjlTasks {
  private static final Shape PICTURE = new Shape(3, 224, 224);
  private static final float RATE = (float) akin.bench.Pictures.RATE;

  private DjlTasks() {}

  static Task named(String row, NDManager manager, String models)
      throws IOException, MalformedModelException {
    String[] words = row.split(" ");
    String last = words[words.length - 1];
    int batch = last.startsWith("b") ? Integer.parseInt(last.substring(1)) : 0;
    return switch (words[0]) {
      case "sgemm" -> product(manager, words[1].split("x"));
      case "infer" -> infer(words[1], batch, models);
      case "search" -> search(manager, batch);
      default ->
          switch (words[1]) {
            case "digits" -> digits(batch, words[2].equals("triplets"));
            case "heads" -> heads(batch);
            default -> train(words[1], batch);
          };
    };
  }

  private static Task product(NDManager manager, String[] sizes) {
    long k = Long.parseLong(sizes[1]);
    NDArray a = manager.randomNormal(new Shape(Long.parseLong(sizes[0]), k));
    NDArray b = manager.randomNormal(new Shape(k, Long.parseLong(sizes[2])));
    return () -> a.matMul(b).close();
  }

  private static Task search(NDManager manager, int queries) {
    NDArray gallery = manager.randomNormal(new Shape(1_000_000, 300)).transpose();
    NDArray asked = manager.randomNormal(new Shape(queries, 300));
    return () -> {
      try (NDManager call = manager.newSubManager()) {
        NDArray scores = asked.matMul(gallery);
        scores.attach(call);
        scores.topK(10, 1).attach(call);
      }
    };
  }

  private static Task infer(String network, int batch, String models)
      throws IOException, MalformedModelException {
    Model model = Model.newInstance(network, "PyTorch");
    model.load(Path.of(models), network);
    Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null));
    NDArray x = model.getNDManager().randomNormal(new Shape(batch).addAll(PICTURE));
    return () -> predictor.predict(new NDList(x)).close();
  }

  // ---- training ----

  private static Trainer trainer(Block net, Optimizer optimizer, Shape input) {
    Model model = Model.newInstance("peer", "PyTorch");
    model.setBlock(net);
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.l2Loss())
                .optInitializer(new XavierInitializer(), "weight")
                .optOptimizer(optimizer));
    trainer.initialize(input);
    return trainer;
  }

  private static Optimizer adam() {
    return Optimizer.adam().optLearningRateTracker(Tracker.fixed(RATE)).build();
  }

  /** One step: a loss of fresh copies, which live as long as it does. */
  private static Task step(
      List<Trainer> trainers, List<NDArray> data, BiFunction<NDManager, NDList, NDArray> loss) {
    NDManager manager = trainers.get(0).getManager();
    return () -> {
      try (NDManager step = manager.newSubManager()) {
        NDList copies = new NDList();
        for (NDArray array : data) {
          copies.add(array.duplicate());
        }
        copies.attach(step);
        try (GradientCollector collector = trainers.get(0).newGradientCollector()) {
          collector.backward(loss.apply(step, copies));
        }
        trainers.forEach(Trainer::step);
      }
    };
  }

  private static NDArray normalize(NDArray x) {
    return x.div(x.square().sum(new int[] {1}, true).sqrt().maximum(1e-12f));
  }

  private static NDArray forward(Trainer trainer, NDArray x) {
    return trainer.forward(new NDList(x)).singletonOrThrow();
  }

  private static Task train(String network, int batch) {
    Block net =
        network.equals("resnet50")
            ? ResNetV1.builder().setImageShape(PICTURE).setNumLayers(50).setOutSize(1000).build()
            : MobileNetV2.builder().setOutSize(1000).build();
    Optimizer sgd =
        Optimizer.sgd().setLearningRateTracker(Tracker.fixed(RATE)).optMomentum(0.9f).build();
    Shape input = new Shape(batch).addAll(PICTURE);
    Trainer trainer = trainer(net, sgd, input);
    NDManager manager = trainer.getManager();
    Loss entropy = Loss.softmaxCrossEntropyLoss();
    return step(
        List.of(trainer),
        List.of(
            manager.randomNormal(input),
            manager.randomInteger(0, 1000, new Shape(batch), DataType.INT64)),
        (step, x) -> {
          NDArray logits = forward(trainer, x.get(0)).reshape(batch, -1);
          return entropy.evaluate(new NDList(x.get(1)), new NDList(logits));
        });
  }

  private static Block conv(int filters) {
    return Conv2d.builder().setFilters(filters).setKernelShape(new Shape(3, 3)).build();
  }

  private static Task digits(int batch, boolean triplets) {
    Block pool = Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
    SequentialBlock net =
        new SequentialBlock()
            .add(conv(32))
            .add(Activation::relu)
            .add(pool)
            .add(conv(32))
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(conv(64))
            .add(Activation::relu)
            // 3×3 → 2×2, adaptive: windows of 2×2, stride 1
            .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(1, 1)))
            .add(Blocks.batchFlattenBlock());
    Shape input = new Shape(batch, 1, 28, 28);
    Trainer trainer = trainer(net, adam(), input);
    NDManager manager = trainer.getManager();
    return step(
        List.of(trainer),
        List.of(
            manager.randomNormal(input),
            manager.randomInteger(0, 10, new Shape(batch), DataType.INT32)),
        (step, x) -> {
          NDArray e = normalize(forward(trainer, x.get(0)));
          return triplets ? allTriplets(step, e, x.get(1)) : e.sum();
        });
  }

  private static NDArray allTriplets(NDManager step, NDArray e, NDArray labels) {
    NDArray square = e.square().sum(new int[] {1});
    NDArray d = square.expandDims(1).add(square.expandDims(0)).sub(e.matMul(e.transpose()).mul(2));
    NDArray same = labels.expandDims(1).eq(labels.expandDims(0));
    NDArray self = step.eye((int) e.getShape().get(0)).toType(DataType.BOOLEAN, true);
    NDArray wanted =
        same.logicalAnd(self.logicalNot())
            .expandDims(2)
            .logicalAnd(same.logicalNot().expandDims(1))
            .toType(DataType.FLOAT32, true);
    NDArray every = Activation.relu(d.expandDims(2).sub(d.expandDims(1)).add(0.5f));
    return every.mul(wanted).sum();
  }

  private static Task heads(int batch) {
    Block image = Linear.builder().setUnits(300).build();
    SequentialBlock attributes = new SequentialBlock();
    for (int i = 0; i < 2; i++) {
      attributes
          .add(Linear.builder().setUnits(300).build())
          .add(BatchNorm.builder().build())
          .add(Activation::relu);
    }
    Trainer first = trainer(image, adam(), new Shape(batch, 2048));
    Trainer second = trainer(attributes, adam(), new Shape(batch, 40));
    NDManager manager = first.getManager();
    return step(
        List.of(first, second),
        List.of(
            manager.randomNormal(new Shape(batch, 2048)),
            manager.randomNormal(new Shape(batch, 40)),
            manager.randomNormal(new Shape(batch, 40))),
        (step, x) -> {
          NDArray anchor = normalize(forward(first, x.get(0)));
          NDArray near = distance(anchor, normalize(forward(second, x.get(1))));
          NDArray far = distance(anchor, normalize(forward(second, x.get(2))));
          return Activation.relu(near.sub(far).add(0.1f)).mean();
        });
  }

  private static NDArray distance(NDArray x, NDArray y) {
    return x.sub(y).add(1e-6f).square().sum(new int[] {1}).sqrt();
  }
}
