package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several sets in one space of labels, and the list that says the same. */
class JoinedPicturesTest {
  @TempDir Path root;
  private DataFolder folder;

  @BeforeEach
  void sets() throws IOException {
    folder = new DataFolder(root);
    folder.pictures(10, "products-10k/train/1.jpg", "products-10k/train/2.jpg");
    folder.write("products-10k/train.csv", "name,class\n1.jpg,30\n2.jpg,4\n");
    folder.pictures(20, "own/cat/a.png", "own/dog/b.png");
    folder.pictures(30, "listed/c.png", "listed/d.png");
    folder.write(
        "listed/list.csv",
        "path,label,split,is_query,is_gallery,category,x_1,y_1,x_2,y_2\n"
            + "c.png,4,validation,True,False,chair,1,0,3,2\nd.png,,,,,,,,,\n");
  }

  private Dataset open(String place, Layout layout) {
    return Datasets.open(root.resolve(place), layout);
  }

  private Dataset joined() {
    Map<String, Dataset> sets = new LinkedHashMap<>();
    sets.put("products_10k", open("", Layout.PRODUCTS_10K));
    sets.put("own", open("own", Layout.FOLDER));
    sets.put("listed", open("listed/list.csv", Layout.CSV));
    return Datasets.join(sets);
  }

  @Test
  void labelsComeAfterThoseOfTheSetsBefore() {
    Dataset data = joined();
    assertEquals(
        List.of("products_10k/4", "products_10k/30", "own/cat", "own/dog", "listed/4"),
        data.classNames());
    assertArrayEquals(
        new int[] {1, 0, 2, 3, 4, -1}, IntStream.range(0, 6).map(data::label).toArray());
    assertEquals("products_10k/1.jpg", data.id(0));
    assertEquals("own/dog/b.png", data.id(3));
    assertEquals("products_10k + own + listed", data.name());
    for (int i = 0; i < 4; i++) {
      assertEquals(10 + 10 * (i / 2), data.image(i).at(0, 0, 0));
    }
    assertEquals(2, data.image(4).width());
    float[] one = new float[1];
    data.load(4, Preprocessing.stretch(2, 2).grey(), new float[4], 0);
    data.load(2, Preprocessing.stretch(1, 1).grey(), one, 0);
    assertTrue(one[0] > 20 / 127.5f - 1 && one[0] < 26 / 127.5f - 1);
  }

  @Test
  void aSetThatSaysNothingIsForTrainingIfOthersAre() {
    Dataset data = joined();
    assertArrayEquals(new int[] {0, 1, 2, 3, 5}, data.indices(Split.TRAIN));
    assertArrayEquals(new int[] {4}, data.indices(Split.VALIDATION));
    Dataset alone = Datasets.join(Map.of("own", open("own", Layout.FOLDER)));
    assertEquals(Split.ALL, alone.split(0));
  }

  @Test
  void rolesGroupsAndDomainsGoAlong() {
    Dataset data = joined();
    Groups domains = data.groups(Grouping.DOMAIN).orElseThrow();
    assertEquals(List.of("products_10k", "own", "listed"), domains.names());
    assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2}, domains.of());
    Groups categories = data.groups(Grouping.CATEGORY).orElseThrow();
    assertEquals(List.of("listed/chair"), categories.names());
    assertArrayEquals(new int[] {-1, -1, -1, -1, 0, -1}, categories.of());
    assertArrayEquals(new int[] {4}, data.roles().orElseThrow().queries());
    assertArrayEquals(new int[0], data.roles().orElseThrow().galleries());
    assertTrue(data.attributes().isEmpty());
  }

  @Test
  void aSetWithoutRolesAsksAndAnswersWithWhatItDoesNotTrainOn() throws IOException {
    folder.pictures(5, "split/train/x/1.png", "split/test/x/2.png");
    Map<String, Dataset> sets = new LinkedHashMap<>();
    sets.put("split", open("split", Layout.FOLDER));
    sets.put("listed", open("listed/list.csv", Layout.CSV));
    Roles roles = Datasets.join(sets).roles().orElseThrow();
    assertArrayEquals(new int[] {0, 2}, roles.queries());
    assertArrayEquals(new int[] {0}, roles.galleries());
  }

  @Test
  void theSameSetOrPictureTwiceIsRefused() throws IOException {
    Map<String, Dataset> twice = new LinkedHashMap<>();
    twice.put("a", open("", Layout.PRODUCTS_10K));
    twice.put("b", open("products-10k", Layout.PRODUCTS_10K));
    DataFolder.refused(() -> Datasets.join(twice), "train.csv", "a and b are the same");
    folder.write("more.csv", "path,label\nown/cat/a.png,x\n");
    Map<String, Dataset> shared = new LinkedHashMap<>();
    shared.put("own", open("own", Layout.FOLDER));
    shared.put("more", open("more.csv", Layout.CSV));
    DataFolder.refused(
        () -> Datasets.join(shared), "in two sets", "own/cat/a.png and more/own/cat/a.png");
  }

  @Test
  void featuresAreJoinedIfOneNetworkMadeThem() {
    Map<String, Dataset> sets = new LinkedHashMap<>();
    sets.put("own", features("own", 1, "net"));
    sets.put("listed", features("listed/list.csv", 3, "net"));
    Dataset data = Datasets.join(sets);
    Features features = data.features().orElseThrow();
    assertEquals(4, features.rows().count());
    for (int first = 0; first < 4; first++) {
      float[] two = new float[5];
      features.rows().read(first, Math.min(2, 4 - first), two, 1);
      float next = first == 3 ? 0 : first == 0 ? 1 : 3;
      float here = first < 2 ? 1 : 3;
      assertArrayEquals(new float[] {0, here, here, next, next}, two);
    }
    assertEquals(List.of("own/cat", "own/dog", "listed/4"), data.classNames());
    sets.put("listed", features("listed/list.csv", 3, "other"));
    DataFolder.refused(() -> Datasets.join(sets), "another backbone", "net", "other");
    sets.put("listed", open("listed/list.csv", Layout.CSV));
    DataFolder.refused(() -> Datasets.join(sets), "own and listed", "akin extract");
  }

  private Dataset features(String place, float value, String network) {
    Dataset pictures = open(place, Layout.AUTO);
    float[] rows = new float[2 * pictures.size()];
    Arrays.fill(rows, value);
    Path file = root.resolve(place.replace('/', '-') + ".safetensors");
    FeatureFile.write(
        file,
        pictures,
        new Features(
            new Features.Source(network, "1", "p", ""), Vectors.of(rows, pictures.size(), 2)));
    return Datasets.open(file, Layout.FEATURES);
  }

  @Test
  void aListReadsBackAsTheSamePictures() {
    Dataset data = joined();
    Path file = root.resolve("own/all.csv");
    ListFile.write(file, data);
    Dataset read = Datasets.open(file, Layout.AUTO);
    assertEquals(data.size(), read.size());
    for (int i = 0; i < data.size(); i++) {
      assertEquals(className(data, i), className(read, i));
      assertEquals(data.split(i), read.split(i));
      assertEquals(data.box(i), read.box(i));
      assertArrayEquals(ImageCodec.png(data.image(i)), ImageCodec.png(read.image(i)));
    }
    assertEquals(data.roles(), read.roles());
    assertEquals("cat/a.png", read.id(2));
    assertTrue(Path.of(read.id(0)).isAbsolute());
    for (Grouping by : Grouping.values()) {
      for (int i = 0; i < data.size(); i++) {
        assertEquals(group(data, by, i), group(read, by, i));
      }
    }
  }

  private static String className(Dataset data, int i) {
    return data.label(i) < 0 ? "" : data.classNames().get(data.label(i));
  }

  private static String group(Dataset data, Grouping by, int i) {
    return data.groups(by)
        .map(groups -> groups.of(i) < 0 ? "" : groups.names().get(groups.of(i)))
        .orElse("");
  }

  @Test
  void attributesAreListedAndJoinedIfTheyAreTheSame() throws IOException {
    folder.pictures(7, "x/a.png", "y/b.png");
    folder.write("x/l.csv", "path,attributes\na.png,Red Long\n");
    folder.write("y/l.csv", "path,attributes\nb.png,Long Red\n");
    Map<String, Dataset> sets = new LinkedHashMap<>();
    sets.put("x", open("x/l.csv", Layout.CSV));
    sets.put("y", open("y/l.csv", Layout.CSV));
    Dataset data = Datasets.join(sets);
    assertArrayEquals(new byte[] {1, 1, 1, 1}, data.attributes().orElseThrow().bits());
    Path file = root.resolve("l.csv");
    ListFile.write(file, data);
    assertEquals(data.attributes(), Datasets.open(file, Layout.AUTO).attributes());
    assertEquals("path,domain,attributes", Files.readAllLines(file).get(0));
    assertEquals("x/a.png,x,Long Red", Files.readAllLines(file).get(1));
  }

  @Test
  void picturesWithoutFilesCannotBeListed() {
    Dataset data = features("own", 1, "net");
    Path file = root.resolve("none.csv");
    DataFolder.refused(() -> ListFile.write(file, data), "no files of their own");
    assertFalse(Files.exists(file));
  }
}
