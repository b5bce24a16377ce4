package akin.retrieval.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Batches are what their sampler promises, and a function of (seed, epoch, step). */
class BatchSamplerTest {
  /** Class 0: 12 pictures, 1: 5, 2: 1 (alone), 3: 7, 4: 2; one picture without a class. */
  private static final int[] LABELS = labels(12, 5, 1, 7, 2);

  @Property(tries = 200, seed = "1")
  void shufflingShowsEveryPictureOnceAnEpoch(
      @ForAll @IntRange(min = 1, max = 50) int pictures,
      @ForAll @IntRange(min = 1, max = 60) int batchSize,
      @ForAll long seed) {
    BatchSampler sampler = new ShuffleSampler(pictures, batchSize, false, seed);
    assertEquals((pictures + batchSize - 1) / batchSize, sampler.stepsPerEpoch());
    int[] seen = epoch(sampler, 0).stream().flatMapToInt(Arrays::stream).sorted().toArray();
    assertArrayEquals(IntStream.range(0, pictures).toArray(), seen);
  }

  @Test
  void picturesWithoutAClassAreInNoBatch() {
    BatchSampler sampler = ShuffleSampler.ofLabelled(new int[] {3, -1, 0, 0, -1, 7}, 3, false, 1);
    int[] seen = epoch(sampler, 0).stream().flatMapToInt(Arrays::stream).sorted().toArray();
    assertArrayEquals(new int[] {0, 2, 3, 5}, seen);
    assertThrows(UserError.class, () -> ShuffleSampler.ofLabelled(new int[] {-1, -1}, 1, false, 1));
  }

  @Test
  void onlyTheLastBatchIsShortAndItCanBeLeftOut() {
    assertEquals(List.of(4, 4, 2), sizes(new ShuffleSampler(10, 4, false, 1)));
    assertEquals(List.of(4, 4), sizes(new ShuffleSampler(10, 4, true, 1)));
    assertEquals(List.of(5, 5), sizes(new ShuffleSampler(10, 5, true, 1)));
  }

  @Test
  void aBatchIsAFunctionOfSeedEpochAndStep() {
    List<LongFunction<BatchSampler>> samplers =
        List.of(
            seed -> new ShuffleSampler(40, 7, false, seed),
            seed -> new RandomPkSampler(LABELS, 3, 4, seed),
            seed -> new EpochExactPkSampler(LABELS, 3, 4, seed));
    for (LongFunction<BatchSampler> make : samplers) {
      BatchSampler whole = make.apply(1);
      List<int[]> third = List.of();
      for (long epoch = 0; epoch < 3; epoch++) {
        third = epoch(whole, epoch);
      }
      BatchSampler resumed = make.apply(1);
      for (int step = third.size() - 1; step >= 0; step--) {
        assertArrayEquals(third.get(step), resumed.batch(2, step));
      }
      assertFalse(Arrays.deepEquals(array(third), array(epoch(whole, 1))), "epochs differ");
      assertFalse(Arrays.deepEquals(array(third), array(epoch(make.apply(2), 2))), "seeds differ");
      assertThrows(IndexOutOfBoundsException.class, () -> whole.batch(0, whole.stepsPerEpoch()));
      whole.batch(2, 0)[0] = -1;
      assertArrayEquals(third.get(0), whole.batch(2, 0), "a caller's array is its own");
    }
  }

  @Property(tries = 200, seed = "1")
  void aRandomBatchHoldsDifferentClassesAndDifferentPictures(
      @ForAll @IntRange(min = 1, max = 4) int p,
      @ForAll @IntRange(min = 2, max = 9) int k,
      @ForAll long seed) {
    BatchSampler sampler = new RandomPkSampler(LABELS, p, k, seed);
    for (int step = 0; step < sampler.stepsPerEpoch(); step++) {
      checkBatch(sampler.batch(0, step), p, k);
    }
  }

  @Property(tries = 200, seed = "1")
  void anEpochExactBatchHoldsDifferentClassesAndDifferentPictures(
      @ForAll @IntRange(min = 1, max = 4) int p,
      @ForAll @IntRange(min = 2, max = 14) int k,
      @ForAll long seed) {
    BatchSampler sampler = new EpochExactPkSampler(LABELS, p, k, seed);
    // 4 classes can be drawn, the largest has 12 pictures.
    int draws = Math.max(1, 12 / k);
    assertEquals(4 / p * draws, sampler.stepsPerEpoch());
    int[] drawn = new int[5];
    int[] seen = new int[LABELS.length];
    for (int[] batch : epoch(sampler, 0)) {
      checkBatch(batch, p, k);
      IntStream.of(batch).forEach(i -> seen[i]++);
      int[] classes = IntStream.range(0, p).map(c -> LABELS[batch[c * k]]).toArray();
      long open = IntStream.of(0, 1, 3, 4).filter(c -> drawn[c] < draws).count();
      long chosen = IntStream.of(classes).filter(c -> drawn[c] < draws).count();
      assertEquals(Math.min(p, open), chosen, "classes not yet drawn often enough come first");
      IntStream.of(classes).forEach(c -> drawn[c]++);
    }
    if (p == 1) {
      assertArrayEquals(new int[] {draws, draws, 0, draws, draws}, drawn);
      if (k <= 12) {
        for (int i = 0; i < 12; i++) {
          assertTrue(seen[i] <= 1, "the largest class shows a picture at most once");
        }
      }
    }
    if (p == 4) {
      assertArrayEquals(new int[] {draws, draws, 0, draws, draws}, drawn);
    }
  }

  @Test
  void equalClassesAreGoneThroughExactly() {
    // 6 classes of 8 pictures, P = 6, K = 4: 2 draws a class, 2 batches, every picture once.
    int[] labels = IntStream.range(0, 48).map(i -> i % 6).toArray();
    for (long seed = 0; seed < 50; seed++) {
      BatchSampler sampler = new EpochExactPkSampler(labels, 6, 4, seed);
      assertEquals(2, sampler.stepsPerEpoch());
      int[] seen = epoch(sampler, 0).stream().flatMapToInt(Arrays::stream).sorted().toArray();
      assertArrayEquals(IntStream.range(0, 48).toArray(), seen);
    }
  }

  @Test
  void classesAndPicturesAreDrawnAlike() {
    int[] labels = labels(3, 3, 3, 3);
    BatchSampler sampler = new RandomPkSampler(labels, 2, 2, 9);
    int draws = 20_000;
    Map<List<Integer>, Integer> counts = new TreeMap<>((a, b) -> a.toString().compareTo(b + ""));
    for (int i = 0; i < draws; i++) {
      int[] batch = sampler.batch(i, 0);
      counts.merge(List.of(batch[0], batch[1]), 1, Integer::sum);
    }
    // 4 classes × 3 first pictures × 2 second ones, all alike: six standard deviations.
    assertEquals(24, counts.size());
    double share = 1 / 24.0;
    for (int count : counts.values()) {
      assertEquals(share, (double) count / draws, 6 * Math.sqrt(share * (1 - share) / draws));
    }
  }

  @Property(tries = 300, seed = "1")
  void distinctNumbersAreDistinct(
      @ForAll @IntRange(max = 30) int n, @ForAll @IntRange(max = 30) int k, @ForAll long seed) {
    int count = Math.min(n, k);
    int[] chosen = ClassTable.distinct(n, count, RandomStream.of(seed, "distinct"));
    assertEquals(count, IntStream.of(chosen).filter(i -> i >= 0 && i < n).distinct().count());
  }

  @Test
  void whatGivesNoBatchIsAUserError() {
    assertThrows(UserError.class, () -> new ShuffleSampler(0, 4, false, 1));
    assertThrows(UserError.class, () -> new ShuffleSampler(4, 0, false, 1));
    assertThrows(UserError.class, () -> new ShuffleSampler(3, 4, true, 1));
    for (int[] labels : List.of(new int[0], labels(1, 1, 1, 1, 1), labels(9, 9, 9, 1))) {
      UserError error = assertThrows(UserError.class, () -> new RandomPkSampler(labels, 4, 2, 1));
      assertTrue(error.getMessage().contains("4 classes with at least 2"), error.getMessage());
      assertThrows(UserError.class, () -> new EpochExactPkSampler(labels, 4, 2, 1));
    }
    assertThrows(UserError.class, () -> new RandomPkSampler(LABELS, 0, 2, 1));
    assertThrows(UserError.class, () -> new RandomPkSampler(LABELS, 2, 1, 1));
  }

  /** P different classes; of each, K pictures, all different or all of the class about equally. */
  private static void checkBatch(int[] batch, int p, int k) {
    assertEquals(p * k, batch.length);
    Set<Integer> classes = new HashSet<>();
    for (int c = 0; c < p; c++) {
      int label = LABELS[batch[c * k]];
      assertTrue(classes.add(label), "a class twice");
      assertTrue(label >= 0 && label != 2, "a class that cannot be drawn");
      int[] counts = new int[LABELS.length];
      for (int i = 0; i < k; i++) {
        assertEquals(label, LABELS[batch[c * k + i]]);
        counts[batch[c * k + i]]++;
      }
      int size = (int) IntStream.of(LABELS).filter(l -> l == label).count();
      int most = IntStream.of(counts).max().orElseThrow();
      assertEquals((k + size - 1) / size, most);
      assertEquals(Math.min(k, size), IntStream.of(counts).filter(n -> n > 0).count());
    }
  }

  private static List<int[]> epoch(BatchSampler sampler, long epoch) {
    List<int[]> batches = new ArrayList<>();
    for (int step = 0; step < sampler.stepsPerEpoch(); step++) {
      batches.add(sampler.batch(epoch, step));
    }
    return batches;
  }

  private static List<Integer> sizes(BatchSampler sampler) {
    return epoch(sampler, 0).stream().map(batch -> batch.length).toList();
  }

  private static int[][] array(List<int[]> batches) {
    return batches.toArray(int[][]::new);
  }

  /** Labels of classes of the given sizes, and one picture without a class at the end. */
  private static int[] labels(int... sizes) {
    IntStream.Builder labels = IntStream.builder();
    for (int label = 0; label < sizes.length; label++) {
      for (int i = 0; i < sizes[label]; i++) {
        labels.add(label);
      }
    }
    return labels.add(-1).build().toArray();
  }
}
