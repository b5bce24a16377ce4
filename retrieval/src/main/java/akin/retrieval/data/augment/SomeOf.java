package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A random number of changes, each at most once, one after the other in random order.
 *
 * @param least how many; 0 without
 * @param most how many; 2 without
 * @param of the changes to choose from
 */
public record SomeOf(
    Integer least, Integer most, @JsonProperty(required = true) List<Augmentation> of)
    implements Augmentation {
  /** Fills in defaults. */
  public SomeOf {
    if (of == null || of.isEmpty()) {
      throw new IllegalArgumentException("of is required: the changes to choose from");
    }
    of = List.copyOf(of);
    least = least == null ? 0 : least;
    most = most == null ? Math.min(2, of.size()) : most;
    Ranges.within("least", least, 0, of.size());
    Ranges.within("most", most, least, of.size());
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    int count = least + stream.below(0, most - least + 1);
    int[] order = stream.child("order").permutation(of.size());
    Image changed = picture;
    for (int i = 0; i < count; i++) {
      changed = of.get(order[i]).apply(changed, stream.child(order[i]));
    }
    return changed;
  }
}
