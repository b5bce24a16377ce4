package akin.retrieval.search;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Image;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.train.PictureLoader;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Turns pictures into embeddings with a trained model. */
public final class Embedder {
  private static final int BATCH = 64;

  private final RetrievalModel model;
  private final Preprocessing preprocessing;
  private final Session session;
  private final Function<Image, float[]> backbone;

  /**
   * @param preprocessing the one that the model was trained with
   * @param backbone makes the features that the model takes; null if it takes pictures
   */
  public Embedder(
      RetrievalModel model,
      Preprocessing preprocessing,
      Function<Image, float[]> backbone,
      Session session) {
    this.backbone = backbone;
    this.model = model;
    this.preprocessing = preprocessing;
    this.session = session;
    model.networks().eval();
  }

  /** Embeddings of all pictures of a data set in order: [N,D]. */
  public float[] embed(Dataset pictures) {
    return all(pictures, "embedding", model::embed);
  }

  /** What the backbone makes of all pictures of a data set in order: [N,F]. */
  float[] features(Dataset pictures) {
    return all(pictures, "extracting", model::features);
  }

  private float[] all(Dataset pictures, String task, UnaryOperator<Tensor> network) {
    PictureLoader loader = new PictureLoader(pictures, preprocessing, PictureLoader.Changes.NONE);
    float[] rows = new float[0];
    try (Progress.Bar bar = session.progress().start(task, pictures.size())) {
      for (int from = 0; from < pictures.size(); from += BATCH) {
        int[] batch = IntStream.range(from, Math.min(from + BATCH, pictures.size())).toArray();
        try (Scope scope = Scope.open(session.backend())) {
          Tensor part = network.apply(loader.plain(batch));
          int width = part.dim(1);
          if (from == 0) {
            rows = new float[Math.multiplyExact(pictures.size(), width)];
          }
          System.arraycopy(part.toFloats(), 0, rows, from * width, batch.length * width);
        }
        bar.advance(batch.length);
      }
    }
    return rows;
  }

  /** Most likely class of each picture of a data set, in order. */
  public int[] classify(Dataset pictures) {
    PictureLoader loader = new PictureLoader(pictures, preprocessing, PictureLoader.Changes.NONE);
    int[] classes = new int[pictures.size()];
    for (int from = 0; from < pictures.size(); from += BATCH) {
      int[] batch = IntStream.range(from, Math.min(from + BATCH, pictures.size())).toArray();
      try (Scope scope = Scope.open(session.backend())) {
        Tensor logits = model.logits(loader.plain(batch));
        int[] best = new int[batch.length];
        float[] values = logits.toFloats();
        int width = logits.dim(1);
        for (int i = 0; i < best.length; i++) {
          for (int c = 1; c < width; c++) {
            best[i] = values[i * width + c] > values[i * width + best[i]] ? c : best[i];
          }
        }
        System.arraycopy(best, 0, classes, from, best.length);
      }
    }
    return classes;
  }

  /** Embedding of one picture: D numbers. */
  public float[] embed(Image picture) {
    float[] features = backbone == null ? null : backbone.apply(picture);
    try (Scope scope = Scope.open(session.backend())) {
      Tensor input =
          features == null ? prepared(picture) : Tensor.of(Shape.of(1, features.length), features);
      return model.embed(input).toFloats();
    }
  }

  /** What the model's own backbone makes of one picture: F numbers. */
  float[] features(Image picture) {
    try (Scope scope = Scope.open(session.backend())) {
      return model.features(prepared(picture)).toFloats();
    }
  }

  private Tensor prepared(Image picture) {
    float[] input = new float[preprocessing.length()];
    preprocessing.normalize(preprocessing.shape(picture), input, 0);
    Shape shape =
        Shape.of(1, preprocessing.channels(), preprocessing.height(), preprocessing.width());
    return Tensor.of(shape, input);
  }

  /** Embeddings of query bits [N,Q]: [N,D]. */
  float[] queries(float[] bits, int count) {
    try (Scope scope = Scope.open(session.backend())) {
      return model.query(Tensor.of(Shape.of(count, bits.length / count), bits)).toFloats();
    }
  }
}
