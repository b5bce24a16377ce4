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
import java.util.stream.IntStream;

/** Turns pictures into embeddings with a trained model. */
public final class Embedder {
  private static final int BATCH = 64;

  private final RetrievalModel model;
  private final Preprocessing preprocessing;
  private final Session session;

  /**
   * @param preprocessing the one that the model was trained with
   */
  public Embedder(RetrievalModel model, Preprocessing preprocessing, Session session) {
    this.model = model;
    this.preprocessing = preprocessing;
    this.session = session;
    model.networks().eval();
  }

  /** Embeddings of all pictures of a data set in order: [N,D]. */
  public float[] embed(Dataset pictures) {
    PictureLoader loader = new PictureLoader(pictures, preprocessing, false, 0);
    float[] embeddings = new float[Math.multiplyExact(pictures.size(), model.embedding())];
    try (Progress.Bar bar = session.progress().start("embedding", pictures.size())) {
      for (int from = 0; from < pictures.size(); from += BATCH) {
        int[] batch = IntStream.range(from, Math.min(from + BATCH, pictures.size())).toArray();
        try (Scope scope = Scope.open(session.backend())) {
          float[] part = model.embed(loader.plain(batch)).toFloats();
          System.arraycopy(part, 0, embeddings, from * model.embedding(), part.length);
        }
        bar.advance(batch.length);
      }
    }
    return embeddings;
  }

  /** Most likely class of each picture of a data set, in order. */
  public int[] classify(Dataset pictures) {
    PictureLoader loader = new PictureLoader(pictures, preprocessing, false, 0);
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
    float[] input = new float[preprocessing.length()];
    preprocessing.normalize(preprocessing.shape(picture), input, 0);
    try (Scope scope = Scope.open(session.backend())) {
      Shape shape =
          Shape.of(1, preprocessing.channels(), preprocessing.height(), preprocessing.width());
      return model.embed(Tensor.of(shape, input)).toFloats();
    }
  }

  /** Embeddings of query bits [N,Q]: [N,D]. */
  float[] queries(float[] bits, int count) {
    try (Scope scope = Scope.open(session.backend())) {
      return model.query(Tensor.of(Shape.of(count, bits.length / count), bits)).toFloats();
    }
  }
}
