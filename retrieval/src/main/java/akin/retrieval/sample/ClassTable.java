package akin.retrieval.sample;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The pictures of each class that can give a positive pair: classes with one picture, and pictures
 * without a class (label below 0), are left out.
 *
 * @param classes the pictures of each class, ascending; classes by ascending label
 */
record ClassTable(List<int[]> classes) {

  /**
   * Groups pictures by label.
   *
   * @throws UserError if fewer than {@code needed} classes have at least two pictures
   */
  static ClassTable of(int[] labels, int needed, int perClass) {
    if (needed < 1 || perClass < 2) {
      throw UserError.of("no batch can be made")
          .at("P = %d classes, K = %d pictures of each".formatted(needed, perClass))
          .rule("P is at least 1, and K at least 2, so that every anchor has a positive");
    }
    Map<Integer, IntStream.Builder> byLabel = new TreeMap<>();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0) {
        byLabel.computeIfAbsent(labels[i], label -> IntStream.builder()).add(i);
      }
    }
    List<int[]> classes =
        byLabel.values().stream()
            .map(pictures -> pictures.build().toArray())
            .filter(pictures -> pictures.length >= 2)
            .toList();
    if (classes.size() < needed) {
      throw UserError.of("too few classes for a batch")
          .at("%d pictures of %d classes".formatted(labels.length, byLabel.size()))
          .rule(
              "%d classes with at least 2 pictures; found %d and %d with one picture"
                  .formatted(needed, classes.size(), byLabel.size() - classes.size()))
          .mend("ask for fewer classes per batch, or add pictures");
    }
    return new ClassTable(classes);
  }

  /** K pictures of each chosen class, class by class. */
  int[] batch(int[] chosen, int k, RandomStream draws) {
    int[] batch = new int[chosen.length * k];
    for (int c = 0; c < chosen.length; c++) {
      draw(classes.get(chosen[c]), k, draws.child(c), batch, c * k);
    }
    return batch;
  }

  /**
   * K pictures of a class in random order, all different if it has that many; else each picture
   * ⌊K/n⌋ or ⌈K/n⌉ times.
   */
  static void draw(int[] pictures, int k, RandomStream stream, int[] batch, int at) {
    int n = pictures.length;
    for (int round = 0; round * n < k; round++) {
      int count = Math.min(n, k - round * n);
      int[] chosen = distinct(n, count, stream.child(round));
      for (int i = 0; i < count; i++) {
        batch[at + round * n + i] = pictures[chosen[i]];
      }
    }
  }

  /**
   * k different numbers of 0 … n−1, every sequence of them alike: the first k steps of a
   * Fisher-Yates shuffle that keeps only the places it has touched.
   */
  static int[] distinct(int n, int k, RandomStream stream) {
    int[] chosen = new int[k];
    Map<Integer, Integer> moved = new HashMap<>();
    for (int i = 0; i < k; i++) {
      int j = i + stream.below(i, n - i);
      chosen[i] = moved.getOrDefault(j, j);
      moved.put(j, moved.getOrDefault(i, i));
    }
    return chosen;
  }
}
