package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Datasets.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dropping rare classes, drawing classes, and drawing pictures of large ones. */
class CurationTest {
  @TempDir Path root;

  /** A data set of nothing but labels and splits. */
  private record Labelled(List<String> classNames, int[] labels, Split[] splits)
      implements Dataset {
    @Override
    public String name() {
      return "labels";
    }

    @Override
    public int size() {
      return labels.length;
    }

    @Override
    public String id(int i) {
      return "picture " + i;
    }

    @Override
    public Split split(int i) {
      return splits[i];
    }

    @Override
    public int label(int i) {
      return labels[i];
    }

    @Override
    public Optional<Attributes> attributes() {
      return Optional.empty();
    }

    @Override
    public Image image(int i) {
      throw new AssertionError("no picture is asked for");
    }
  }

  /** Class c0 with sizes[0] training pictures, and so on; one more picture without a class. */
  private static Dataset sized(int... sizes) {
    List<String> names = new ArrayList<>();
    IntStream.Builder labels = IntStream.builder();
    for (int c = 0; c < sizes.length; c++) {
      names.add("c" + c);
      for (int i = 0; i < sizes[c]; i++) {
        labels.add(c);
      }
    }
    int[] all = labels.add(-1).build().toArray();
    return new Labelled(
        names, all, IntStream.of(all).mapToObj(i -> Split.TRAIN).toArray(Split[]::new));
  }

  private static List<String> ids(Dataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::id).toList();
  }

  private static int[] labels(Dataset data) {
    return IntStream.range(0, data.size()).map(data::label).toArray();
  }

  @Test
  void rareClassesGoAndTheOthersAreNumberedAnew() {
    Dataset data = new Curation(3, null, null).of(sized(3, 1, 5, 2), 1);
    assertEquals(List.of("c0", "c2"), data.classNames());
    assertArrayEquals(new int[] {0, 0, 0, 1, 1, 1, 1, 1, -1}, labels(data));
    assertEquals(
        List.of(
            "curation: 8 of 11 training pictures, 2 of 4 classes; 2 rare classes and 0 not drawn"
                + " left out, 0 pictures above the most"),
        data.notes());
  }

  @Test
  void largeClassesLosePicturesAndEachDrawsForItself() {
    Curation most = new Curation(1, 3, null);
    Dataset data = most.of(sized(9, 2, 7), 4);
    assertArrayEquals(new int[] {0, 0, 0, 1, 1, 2, 2, 2, -1}, labels(data));
    assertTrue(data.notes().get(0).contains("8 of 18 training pictures"), data.notes().get(0));
    assertTrue(data.notes().get(0).endsWith("10 pictures above the most"), data.notes().get(0));
    assertEquals(ids(data), ids(most.of(sized(9, 2, 7), 4)));
    assertNotEquals(ids(data), ids(most.of(sized(9, 2, 7), 5)));
    List<String> first = ids(data).subList(0, 3);
    assertEquals(first, ids(most.of(sized(9), 4)).subList(0, 3));
  }

  @Test
  void everyPictureIsDrawnAlike() {
    int[] counts = new int[5];
    int draws = 4000;
    for (long seed = 0; seed < draws; seed++) {
      Dataset data = new Curation(1, 2, null).of(sized(5), seed);
      ids(data).subList(0, 2).forEach(id -> counts[Integer.parseInt(id.substring(8))]++);
    }
    double share = 2 / 5.0;
    for (int count : counts) {
      assertEquals(share, (double) count / draws, 6 * Math.sqrt(share * (1 - share) / draws));
    }
  }

  @Property(tries = 200, seed = "1")
  void whatIsLeftObeysTheLimits(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 9) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 4) int min,
      @ForAll @IntRange(max = 6) int above,
      @ForAll @IntRange(max = 8) int classes,
      @ForAll long seed) {
    int max = above == 0 ? 0 : min + above - 1;
    int common = (int) sizes.stream().filter(n -> n >= min).count();
    Dataset whole = sized(sizes.stream().mapToInt(n -> n).toArray());
    if (common == 0) {
      DataFolder.refused(() -> new Curation(min, max, classes).of(whole, seed), "nothing");
      return;
    }
    Dataset data = new Curation(min, max, classes).of(whole, seed);
    assertEquals(classes == 0 ? common : Math.min(classes, common), data.classNames().size());
    int[] left = new int[data.classNames().size()];
    for (int label : labels(data)) {
      if (label >= 0) {
        left[label]++;
      }
    }
    for (int c = 0; c < left.length; c++) {
      int size = sizes.get(Integer.parseInt(data.classNames().get(c).substring(1)));
      assertEquals(max == 0 ? size : Math.min(size, max), left[c]);
      assertTrue(left[c] >= min);
    }
  }

  @Test
  void testPicturesAndClassesThatAreOnlyTestedStay() {
    Split[] splits = {
      Split.TRAIN,
      Split.TRAIN,
      Split.TRAIN,
      Split.VALIDATION,
      Split.VALIDATION,
      Split.TEST,
      Split.TEST,
      Split.VALIDATION
    };
    int[] labels = {0, 0, 1, 0, 1, 1, 2, 3};
    Dataset whole = new Labelled(List.of("a", "b", "c", "d"), labels, splits);
    Dataset data = new Curation(2, null, null).of(whole, 1);
    assertEquals(
        List.of("picture 0", "picture 1", "picture 3", "picture 5", "picture 6", "picture 7"),
        ids(data));
    assertEquals(List.of("a", "b", "c", "d"), data.classNames());
  }

  @Test
  void withoutSplitsAllPicturesCount() {
    Split[] none = {Split.ALL, Split.ALL, Split.ALL};
    Dataset whole = new Labelled(List.of("a", "b"), new int[] {0, 1, 1}, none);
    Dataset data = new Curation(2, null, null).of(whole, 1);
    assertEquals(List.of("b"), data.classNames());
    assertEquals(2, data.size());
  }

  @Test
  void whatCannotBeMeantIsRefused() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> new Curation(0, null, null));
    assertThrows(IllegalArgumentException.class, () -> new Curation(3, 2, null));
    assertThrows(IllegalArgumentException.class, () -> new Curation(null, -1, null));
    assertThrows(IllegalArgumentException.class, () -> new Curation(null, null, -1));
    DataFolder.refused(
        () -> new Curation(6, null, null).of(sized(5, 2), 1), "nothing to train on", "none has 6");
    DataFolder folder = new DataFolder(root);
    folder.pictures(1, "a.png");
    Dataset bare = Datasets.open(folder.write("list.csv", "path\na.png\n"), Layout.AUTO);
    DataFolder.refused(() -> new Curation(2, null, null).of(bare, 1), "list.csv", "no classes");
  }
}
