package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A random change of a training picture, drawn from a stream that belongs to (seed, epoch, step,
 * place in the batch): the same on any number of threads, and after a run was resumed.
 *
 * <p>To add one: a record in a file of its own, and a line here.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Greyscale.class, name = "greyscale"),
  @JsonSubTypes.Type(value = Scale.class, name = "scale"),
  @JsonSubTypes.Type(value = Translate.class, name = "translate"),
  @JsonSubTypes.Type(value = Rotate.class, name = "rotate"),
  @JsonSubTypes.Type(value = Shear.class, name = "shear"),
  @JsonSubTypes.Type(value = Crop.class, name = "crop"),
  @JsonSubTypes.Type(value = Jitter.class, name = "jitter"),
  @JsonSubTypes.Type(value = SomeOf.class, name = "some-of")
})
public interface Augmentation {
  /**
   * The changed picture, of the same size and channels.
   *
   * @param picture in the size of the input
   * @param stream of this change alone
   */
  Image apply(Image picture, RandomStream stream);

  /** A number between two bounds; draw {@code index} of the stream. */
  static double between(double low, double high, RandomStream stream, long index) {
    return low + (high - low) * stream.uniform(index);
  }
}
