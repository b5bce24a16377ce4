package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV lists as Open Metric Learning has them: who asks, who answers, groups and boxes. */
class AnnotatedListTest {
  private static final String HEADER = ",label,split,is_query,is_gallery,path,category,sequence";
  private static final String[] ROWS = {
    HEADER,
    "0,7,train,,,a.png,chair,",
    "1,7,train,,,b.png,chair,",
    "2,100,validation,True,False,c.png,lamp,3",
    "3,100,validation,False,True,d.png,lamp,3",
    "4,20,validation,True,True,e.png,lamp,12"
  };

  @TempDir Path root;
  private DataFolder folder;

  @BeforeEach
  void pictures() throws IOException {
    folder = new DataFolder(root);
    folder.pictures(10, "a.png", "b.png", "c.png", "d.png", "e.png");
  }

  private Dataset open(String... lines) throws IOException {
    return Datasets.open(folder.write("list.csv", String.join("\n", lines)), Layout.AUTO);
  }

  private void refuse(String line, String... parts) {
    DataFolder.refused(() -> open(HEADER + ",x_1,y_1,x_2,y_2", line), parts);
  }

  @Test
  void rolesAndGroupsAreKept() throws IOException {
    Dataset data = open(ROWS);
    assertEquals(List.of("7", "20", "100"), data.classNames());
    Roles roles = data.roles().orElseThrow();
    assertArrayEquals(new int[] {2, 4}, roles.queries());
    assertArrayEquals(new int[] {3, 4}, roles.galleries());
    Groups categories = data.groups(Grouping.CATEGORY).orElseThrow();
    assertEquals(List.of("chair", "lamp"), categories.names());
    assertArrayEquals(new int[] {0, 0, 1, 1, 1}, categories.of());
    Groups sequences = data.groups(Grouping.SEQUENCE).orElseThrow();
    assertEquals(List.of("3", "12"), sequences.names());
    assertArrayEquals(new int[] {-1, -1, 0, 0, 1}, sequences.of());
    assertTrue(data.groups(Grouping.DOMAIN).isEmpty());
  }

  @Test
  void aSubsetKeepsThemRowByRow() throws IOException {
    Dataset some = open(ROWS).subset(4, 3);
    Roles roles = some.roles().orElseThrow();
    assertTrue(roles.isQuery(0) && roles.isGallery(0));
    assertTrue(!roles.isQuery(1) && roles.isGallery(1));
    assertArrayEquals(new int[] {1, 0}, some.groups(Grouping.SEQUENCE).orElseThrow().of());
    assertEquals(Optional.of(root.resolve("e.png")), some.file(0));
  }

  @Test
  void aListWithoutThemSaysNothing() throws IOException {
    Dataset data = open("path,label", "a.png,x");
    assertTrue(data.roles().isEmpty());
    for (Grouping by : Grouping.values()) {
      assertTrue(data.groups(by).isEmpty());
    }
  }

  @Test
  void featuresKeepThem() throws IOException {
    Dataset data = open(ROWS);
    Features features =
        new Features(
            new Features.Source("net", "1", "p", ""),
            Vectors.of(new float[2 * data.size()], data.size(), 2));
    Path file = root.resolve("features.safetensors");
    FeatureFile.write(file, data, features);
    Dataset stored = Datasets.open(file, Layout.AUTO);
    assertEquals(data.roles(), stored.roles());
    for (Grouping by : Grouping.values()) {
      assertEquals(data.groups(by), stored.groups(by));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-2, 3, 1L << 32})
  void aDamagedClassOfFeaturesIsRefused(long label) throws IOException {
    Dataset data = open("path,label", "a.png,x", "b.png,y", "c.png,z");
    Path file = root.resolve("features.safetensors");
    FeatureFile.write(
        file,
        data,
        new Features(new Features.Source("net", "1", "p", ""), Vectors.of(new float[3], 3, 1)));
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] labels =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0)
            .putLong(1)
            .putLong(2)
            .array();
    int at = 0;
    while (!Arrays.equals(bytes, at, at + labels.length, labels, 0, labels.length)) {
      at++;
    }
    whole.putLong(at + Long.BYTES, label);
    Files.write(file, bytes);
    DataFolder.refused(
        () -> Datasets.open(file, Layout.AUTO),
        "features.safetensors",
        "labels are -1 to 2; row 1 has " + label);
  }

  @Test
  void boxesAreCutAndAPictureMayHaveSeveral() throws IOException {
    Dataset data =
        open(
            "path,label,x_1,y_1,x_2,y_2",
            "a.png,x,0.0,0.0,1.0,2.0",
            "a.png,y,1,0,3,1",
            "b.png,y,,,,",
            "c.png,x,2,1,9,9");
    assertEquals(List.of("a.png#0,0,1,2", "a.png#1,0,3,1", "b.png", "c.png"), ids(data));
    assertEquals(List.of("1 × 2", "2 × 1", "3 × 2", "1 × 1"), sizes(data));
    assertEquals(10 + 1, data.image(1).at(0, 0, 0));
    assertEquals(10 + 5, data.image(3).at(0, 0, 0));
    assertEquals(Optional.of(new Box(1, 0, 3, 1)), data.box(1));
    assertTrue(data.box(2).isEmpty());
    float[] one = new float[1];
    data.load(3, Preprocessing.stretch(1, 1).grey(), one, 0);
    assertEquals((10 + 5) / 127.5f - 1, one[0], 1e-6f);
    assertTrue(!data.stamp(0).equals(data.stamp(1)));
  }

  private static List<String> ids(Dataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::id).toList();
  }

  private static List<String> sizes(Dataset data) {
    return IntStream.range(0, data.size())
        .mapToObj(data::image)
        .map(image -> image.width() + " × " + image.height())
        .toList();
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    refuse("0,7,train,maybe,,a.png,,,,,,", "list.csv:2", "is_query is \"maybe\"", "true, false");
    refuse("0,7,train,,,a.png,,,1,0,,", "list.csv:2", "x_2 is \"\"", "four empty");
    refuse("0,7,train,,,a.png,,,1.5,0,2,1", "list.csv:2", "x_1 is \"1.5\"");
    refuse("0,7,train,,,a.png,,,2,0,2,1", "list.csv:2", "x_1 < x_2", "x 2 to 2, y 0 to 1");
    refuse("0,-1,train,,,a.png,,,,,,", "list.csv:2", "the class is -1", "leave the field empty");
    DataFolder.refused(
        () -> open("path,label,x_1,y_1,x_2,y_2", "a.png,x,3,0,9,9").image(0),
        "a.png",
        "outside",
        "3 × 2");
  }

  @Test
  void classesAreNumberedByValueHoweverLarge() throws IOException {
    Dataset data =
        open(
            "path,label",
            "a.png,123456789012345678901234567890",
            "b.png,10",
            "c.png,9",
            "d.png,009",
            "e.png,");
    assertEquals(List.of("009", "9", "10", "123456789012345678901234567890"), data.classNames());
    assertArrayEquals(new int[] {3, 2, 1, 0, -1}, IntStream.range(0, 5).map(data::label).toArray());
    Dataset texts = open("path,label", "a.png,10", "b.png,9", "c.png,x");
    assertEquals(List.of("10", "9", "x"), texts.classNames());
  }

  @Test
  void missingPicturesAreCountedAndTheFirstNamed() {
    DataFolder.refused(
        () -> open("path,label", "a.png,x", "p.png,x", "q.png,x", "r.png,y", "s.png,y"),
        "list.csv:3",
        "4 of 5 pictures are missing: p.png, q.png, r.png, …");
    DataFolder.refused(
        () -> open("path,label", "p.png,x", "a.png,x"), "list.csv:2", "p.png is missing");
  }

  @Test
  void aPictureListedTwiceIsNamedWithBothLines() {
    DataFolder.refused(
        () -> open("path,label", "a.png,x", "b.png,x", "a.png,y"),
        "list.csv:4",
        "a.png is listed twice",
        "first on line 2, as x; here as y");
  }

  @Test
  void columnsAreTakenAsTheyAreMeant() throws IOException {
    Dataset data = open("\uFEFF Path , LABEL\r", "  a.png ,  x \r", "\r", "   \r", "b.png,y\r", "");
    assertEquals(List.of("a.png", "b.png"), ids(data));
    assertEquals(List.of("x", "y"), data.classNames());
    DataFolder.refused(
        () -> open("paths,label", "a.png,x"),
        "list.csv:1",
        "no column named path",
        "found [paths, label]",
        "did you mean paths?");
    DataFolder.refused(
        () -> open("path,label,Label", "a.png,x,y"), "list.csv:1", "two columns are named label");
    DataFolder.refused(() -> open("path,label"), "list.csv", "no picture");
    DataFolder.refused(() -> open(""), "list.csv");
  }
}
