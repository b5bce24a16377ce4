package akin.retrieval.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which group each picture belongs to.
 *
 * @param names the groups' names, all different
 * @param of row i: the group of picture i, an index into the names; −1 if it has none
 */
public record Groups(List<String> names, int[] of) {
  /** Checks that every group has a name. */
  public Groups {
    names = List.copyOf(names);
    for (int group : of) {
      if (group < -1 || group >= names.size()) {
        throw new IllegalArgumentException("group " + group + " of " + names.size());
      }
    }
  }

  /** The group of picture i; −1 if it has none. */
  public int of(int i) {
    return of[i];
  }

  /** The given rows, in that order. */
  public Groups select(int[] rows) {
    return new Groups(names, IntStream.of(rows).map(i -> of[i]).toArray());
  }

  /** Equal names and equal rows. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Groups that && names.equals(that.names) && Arrays.equals(of, that.of);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Arrays.hashCode(of);
  }

  @Override
  public String toString() {
    return "Groups[" + of.length + " in " + names.size() + "]";
  }
}
