package akin.retrieval.train;

import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Preprocessing;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Makes a batch [B,C,H,W] of a data set's pictures, with random mirroring and shifting for
 * training. Augmentation of a picture depends on the stream and its place in the batch alone.
 */
public final class PictureLoader {
  private final Dataset dataset;
  private final Preprocessing preprocessing;
  private final boolean mirror;
  private final int shift;
  private final Features features;
  private float[] batch = new float[0];

  /**
   * @param mirror whether {@link #augmented} mirrors half of the pictures
   * @param shift by how many pixels {@link #augmented} moves pictures at most, each way; edges
   *     repeat
   */
  public PictureLoader(Dataset dataset, Preprocessing preprocessing, boolean mirror, int shift) {
    this.dataset = dataset;
    this.preprocessing = preprocessing;
    this.mirror = mirror;
    this.shift = shift;
    features = dataset.features().orElse(null);
  }

  /** The shape of one picture, [1,C,H,W], or of one feature, [1,F]. */
  Shape shape() {
    return features != null
        ? Shape.of(1, features.width())
        : Shape.of(1, preprocessing.channels(), preprocessing.height(), preprocessing.width());
  }

  /** The pictures as they are. */
  public Tensor plain(int... pictures) {
    if (features != null) {
      return rows(pictures);
    }
    fill(pictures);
    return tensor(pictures.length);
  }

  /** The pictures, each mirrored and shifted as the stream says. */
  public Tensor augmented(RandomStream stream, int... pictures) {
    if (features != null) {
      return rows(pictures);
    }
    fill(pictures);
    for (int i = 0; i < pictures.length; i++) {
      boolean flip = mirror && stream.below(3L * i, 2) == 1;
      int dy = shift == 0 ? 0 : stream.below(3L * i + 1, 2 * shift + 1) - shift;
      int dx = shift == 0 ? 0 : stream.below(3L * i + 2, 2 * shift + 1) - shift;
      if (flip || dy != 0 || dx != 0) {
        move(i * preprocessing.length(), flip, dy, dx);
      }
    }
    return tensor(pictures.length);
  }

  /** Features are taken as they are: [B,F]. */
  private Tensor rows(int[] pictures) {
    int width = features.width();
    float[] rows = new float[Math.multiplyExact(pictures.length, width)];
    for (int i = 0; i < pictures.length; i++) {
      features.rows().read(pictures[i], 1, rows, i * width);
    }
    return Tensor.of(Shape.of(pictures.length, width), rows);
  }

  private void fill(int[] pictures) {
    int length = preprocessing.length();
    if (batch.length != pictures.length * length) {
      batch = new float[Math.multiplyExact(pictures.length, length)];
    }
    for (int i = 0; i < pictures.length; i++) {
      dataset.load(pictures[i], preprocessing, batch, i * length);
    }
  }

  /** out[y,x] = in[y + dy, x + dx], mirrored first; coordinates are clamped at the border. */
  private void move(int offset, boolean flip, int dy, int dx) {
    int h = preprocessing.height();
    int w = preprocessing.width();
    float[] plane = new float[h * w];
    for (int c = 0; c < preprocessing.channels(); c++) {
      int start = offset + c * h * w;
      System.arraycopy(batch, start, plane, 0, plane.length);
      for (int y = 0; y < h; y++) {
        int row = Math.min(Math.max(y + dy, 0), h - 1) * w;
        for (int x = 0; x < w; x++) {
          int from = Math.min(Math.max(x + dx, 0), w - 1);
          batch[start + y * w + x] = plane[row + (flip ? w - 1 - from : from)];
        }
      }
    }
  }

  private Tensor tensor(int count) {
    return Tensor.of(
        Shape.of(count, preprocessing.channels(), preprocessing.height(), preprocessing.width()),
        batch);
  }
}
