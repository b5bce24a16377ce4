package akin.retrieval.train;

import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Image;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.data.augment.Augmentation;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;

/**
 * Makes a batch [B,C,H,W] of a data set's pictures, with random changes for training. What becomes
 * of a picture depends on the stream and its place in the batch alone.
 */
public final class PictureLoader {
  private final Dataset dataset;
  private final Preprocessing preprocessing;
  private final Changes changes;
  private final Features features;
  private float[] batch = new float[0];

  /**
   * What {@link #augmented} does to pictures.
   *
   * @param first one after the other, on the bytes of the picture
   * @param mirror whether half of the pictures are mirrored
   * @param shift by how many pixels pictures are moved at most, each way; edges repeat
   */
  public record Changes(List<Augmentation> first, boolean mirror, int shift) {
    /** Nothing. */
    public static final Changes NONE = new Changes(List.of(), false, 0);
  }

  /** Of these pictures, so prepared. */
  public PictureLoader(Dataset dataset, Preprocessing preprocessing, Changes changes) {
    this.dataset = dataset;
    this.preprocessing = preprocessing;
    this.changes = changes;
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
    fill(pictures, null);
    return tensor(pictures.length);
  }

  /** The pictures, each changed as the stream says. */
  public Tensor augmented(RandomStream stream, int... pictures) {
    if (features != null) {
      return rows(pictures);
    }
    fill(pictures, changes.first.isEmpty() ? null : stream.child("changes"));
    int shift = changes.shift;
    for (int i = 0; i < pictures.length; i++) {
      boolean flip = changes.mirror && stream.below(3L * i, 2) == 1;
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

  /**
   * @param stream of the changes; null for none
   */
  private void fill(int[] pictures, RandomStream stream) {
    int length = preprocessing.length();
    if (batch.length != pictures.length * length) {
      batch = new float[Math.multiplyExact(pictures.length, length)];
    }
    for (int i = 0; i < pictures.length; i++) {
      if (stream == null) {
        dataset.load(pictures[i], preprocessing, batch, i * length);
      } else {
        Image changed = changed(dataset.shaped(pictures[i], preprocessing), stream.child(i));
        preprocessing.normalize(changed, batch, i * length);
      }
    }
  }

  private Image changed(Image picture, RandomStream stream) {
    Image changed = picture;
    for (int k = 0; k < changes.first.size(); k++) {
      changed = changes.first.get(k).apply(changed, stream.child(k));
    }
    return changed;
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
