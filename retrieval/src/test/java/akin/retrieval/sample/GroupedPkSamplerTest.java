package akin.retrieval.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Classes come evenly from the groups of a batch. */
class GroupedPkSamplerTest {
  /** Groups 0 to 3 of 6, 4, 3 and 1 classes of 3 pictures; a class of one, and no class. */
  private static final int[] CLASSES = {6, 4, 3, 1};

  private static final int DRAWABLE = 14;
  private static final int[] LABELS = new int[3 * DRAWABLE + 2];
  private static final int[] GROUPS = new int[LABELS.length];

  static {
    int label = 0;
    for (int g = 0; g < CLASSES.length; g++) {
      for (int c = 0; c < CLASSES[g]; c++, label++) {
        Arrays.fill(LABELS, 3 * label, 3 * label + 3, label);
        Arrays.fill(GROUPS, 3 * label, 3 * label + 3, g);
      }
    }
    LABELS[3 * DRAWABLE] = label;
    LABELS[3 * DRAWABLE + 1] = -1;
  }

  @Property(tries = 300, seed = "1")
  void classesAreDifferentAndEvenOverTheGroups(
      @ForAll @IntRange(min = 1, max = 6) int s,
      @ForAll @IntRange(min = 1, max = DRAWABLE) int p,
      @ForAll @IntRange(min = 2, max = 5) int k,
      @ForAll long seed) {
    BatchSampler sampler = new GroupedPkSampler(LABELS, GROUPS, s, p, k, seed);
    assertEquals(Math.max(1, LABELS.length / (p * k)), sampler.stepsPerEpoch());
    int[] batch = sampler.batch(3, 0);
    assertArrayEquals(batch, new GroupedPkSampler(LABELS, GROUPS, s, p, k, seed).batch(3, 0));
    assertEquals(p * k, batch.length);
    Set<Integer> seen = new HashSet<>();
    Map<Integer, Integer> perGroup = new HashMap<>();
    for (int c = 0; c < p; c++) {
      int label = LABELS[batch[c * k]];
      assertTrue(label >= 0 && label < DRAWABLE && seen.add(label), "class " + label);
      perGroup.merge(GROUPS[batch[c * k]], 1, Integer::sum);
      int[] pictures = Arrays.copyOfRange(batch, c * k, (c + 1) * k);
      assertTrue(IntStream.of(pictures).allMatch(i -> LABELS[i] == label));
      assertEquals(Math.min(k, 3), IntStream.of(pictures).distinct().count());
    }
    // a group that was begun and is not used up has as many as any other, but for one
    int most = perGroup.values().stream().mapToInt(n -> n).max().orElseThrow();
    if (s >= CLASSES.length) {
      for (int g = 0; g < CLASSES.length; g++) {
        int n = perGroup.getOrDefault(g, 0);
        assertTrue(n >= most - 1 || n == CLASSES[g], perGroup.toString());
      }
    }
    long notUsedUp =
        perGroup.entrySet().stream().filter(e -> e.getValue() < CLASSES[e.getKey()]).count();
    assertTrue(notUsedUp <= s, "only the groups of a batch are left with classes");
  }

  @Test
  void groupsAreDrawnAlike() {
    BatchSampler sampler = new GroupedPkSampler(LABELS, GROUPS, 1, 1, 2, 5);
    int draws = 8000;
    int[] counts = new int[CLASSES.length];
    for (int i = 0; i < draws; i++) {
      counts[GROUPS[sampler.batch(i, 0)[0]]]++;
    }
    double share = 1.0 / CLASSES.length;
    for (int count : counts) {
      assertEquals(share, (double) count / draws, 6 * Math.sqrt(share * (1 - share) / draws));
    }
  }

  @Test
  void classesWithoutAGroupAreOneTogether() {
    int[] none = new int[LABELS.length];
    Arrays.setAll(none, i -> i < 9 ? -1 - i : 0);
    BatchSampler sampler = new GroupedPkSampler(LABELS, none, 2, 2, 2, 1);
    for (int i = 0; i < 20; i++) {
      int[] batch = sampler.batch(i, 0);
      assertEquals(1, (batch[0] < 9 ? 1 : 0) + (batch[2] < 9 ? 1 : 0));
    }
  }

  @Test
  void whatGivesNoBatchIsAUserError() {
    UserError few =
        assertThrows(UserError.class, () -> new GroupedPkSampler(LABELS, GROUPS, 2, 15, 2, 1));
    assertTrue(few.getMessage().contains("15 classes with at least 2"), few.getMessage());
    assertThrows(UserError.class, () -> new GroupedPkSampler(LABELS, GROUPS, 0, 2, 2, 1));
    assertThrows(UserError.class, () -> new GroupedPkSampler(LABELS, GROUPS, 1, 2, 1, 1));
    int[] mixed = GROUPS.clone();
    mixed[4] = 3;
    UserError error =
        assertThrows(UserError.class, () -> new GroupedPkSampler(LABELS, mixed, 1, 2, 2, 1));
    assertTrue(error.getMessage().startsWith("class 1: "), error.getMessage());
  }
}
