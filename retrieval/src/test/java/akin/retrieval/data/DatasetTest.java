package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.UserError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits, subsets, the cache, and pictures that do not decode. */
class DatasetTest {
  @TempDir Path folder;

  /** Forty pictures of 5x4 pixels in two classes. */
  private Dataset forty() throws IOException {
    for (int i = 0; i < 40; i++) {
      byte[] pixels = new byte[5 * 4 * 3];
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = (byte) (i * 31 + k * 7);
      }
      Path file = folder.resolve("%s/%02d.png".formatted(i < 20 ? "cat" : "dog", i));
      Files.createDirectories(file.getParent());
      Files.write(file, ImageCodec.png(new Image(5, 4, 3, pixels)));
    }
    return Datasets.open(folder, Layout.FOLDER);
  }

  private static float[] all(Dataset data, Preprocessing preprocessing) {
    float[] out = new float[data.size() * preprocessing.length()];
    for (int i = 0; i < data.size(); i++) {
      data.load(i, preprocessing, out, i * preprocessing.length());
    }
    return out;
  }

  @Test
  void theCacheChangesNoNumberAtAnyThreadCount() throws IOException {
    Dataset files = forty();
    Preprocessing shape = Preprocessing.crop(8, 6);
    Preprocessing otherNumbers = shape.normalize(List.of(0.1, 0.2, 0.3), List.of(1.0, 2.0, 3.0));
    Preprocessing otherShape = Preprocessing.stretch(3, 7).grey();
    for (int threads : new int[] {1, 2, 5}) {
      AtomicInteger most = new AtomicInteger();
      Dataset cached = files.cached(shape, threads, done -> most.accumulateAndGet(done, Math::max));
      assertEquals(40, most.get());
      for (Preprocessing wanted : List.of(shape, otherNumbers, otherShape)) {
        assertArrayEquals(all(files, wanted), all(cached, wanted));
      }
      assertArrayEquals(
          all(files.subset(7, 3), shape), all(cached.subset(7, 3), shape), "a subset of it");
    }
  }

  @Test
  void theCacheTellsTheFirstBadPictureAtAnyThreadCount() throws IOException {
    Dataset files = forty();
    for (int i : new int[] {11, 12, 13, 30}) {
      Files.writeString(folder.resolve(files.id(i)), "no picture");
    }
    for (int threads : new int[] {1, 2, 5}) {
      UserError error =
          assertThrows(
              UserError.class,
              () -> files.cached(Preprocessing.stretch(4, 4), threads, done -> {}));
      assertTrue(error.getMessage().contains("11.png"), error.getMessage());
    }
  }

  @Test
  void movesAShareOfOneSplitIntoAnother() throws IOException {
    Dataset data = Datasets.move(forty(), Split.ALL, Split.TRAIN, 1, 0);
    Dataset divided = Datasets.move(data, Split.TRAIN, Split.VALIDATION, 0.1, 5);
    assertEquals(36, divided.indices(Split.TRAIN).length);
    int[] moved = divided.indices(Split.VALIDATION);
    assertEquals(4, moved.length);
    Dataset again = Datasets.move(data, Split.TRAIN, Split.VALIDATION, 0.1, 5);
    assertArrayEquals(moved, again.indices(Split.VALIDATION));
    Dataset other = Datasets.move(data, Split.TRAIN, Split.VALIDATION, 0.1, 6);
    assertFalse(Arrays.equals(moved, other.indices(Split.VALIDATION)));
    assertEquals(divided.id(moved[2]), divided.subset(Split.VALIDATION).id(2));
  }

  @Test
  void subsetsTakeTheirAttributesAlong() {
    Attributes attributes = new Attributes(List.of("a", "b"), new byte[] {0, 1, 1, 0, 1, 1});
    assertEquals(
        new Attributes(List.of("a", "b"), new byte[] {1, 1, 0, 1}),
        attributes.select(new int[] {2, 0}));
    assertEquals(2.0 / 3, attributes.baseRate(1, new int[] {0, 1, 2}));
    float[] row = {9, 9, 9};
    attributes.fill(1, row, 1);
    assertArrayEquals(new float[] {9, 1, 0}, row);
  }

  private UserError undecodable(byte[] bytes) throws IOException {
    Path file = folder.resolve("bad.jpg");
    Files.write(file, bytes);
    UserError error = assertThrows(UserError.class, () -> Image.decode(file));
    assertTrue(error.getMessage().contains("bad.jpg"), error.getMessage());
    return error;
  }

  @Test
  void aDamagedPictureIsAUserErrorThatNamesTheFile() throws IOException {
    byte[] pixels = new byte[32 * 32 * 3];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = (byte) (k * k);
    }
    Image image = new Image(32, 32, 3, pixels);
    byte[] jpeg = ImageCodec.jpeg(image, 0.9);
    byte[] png = ImageCodec.png(image);
    assertEquals(image, ImageCodec.decode(png));
    for (byte[] whole : new byte[][] {jpeg, png}) {
      for (int length : new int[] {0, 1, 10, whole.length / 2, whole.length - 40}) {
        undecodable(Arrays.copyOf(whole, length));
      }
    }
    byte[] damaged = png.clone();
    damaged[png.length / 2] ^= 0x55;
    undecodable(damaged);
    undecodable("these are words".getBytes(StandardCharsets.UTF_8));
    assertThrows(UserError.class, () -> Image.decode(folder.resolve("none.jpg")));
  }

  @Test
  void greyIsRepeatedAndAlphaDropped() throws IOException {
    Image grey = new Image(2, 1, 1, new byte[] {10, (byte) 200});
    assertEquals(grey.rgb(), ImageCodec.decode(ImageCodec.png(grey)));
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x01020304);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(clear, "png", file);
    assertArrayEquals(new byte[] {2, 3, 4}, ImageCodec.decode(file.toByteArray()).bytes());
  }

  @Test
  void realProductsOpenInBothLayouts() {
    Path products = Path.of(System.getProperty("akin.shared"), "data", "products");
    assumeTrue(Files.isDirectory(products), "skipped: no products in " + products);
    Dataset celeba = Datasets.open(products, Layout.AUTO);
    assertEquals(16_000, celeba.size());
    assertEquals(12_800, celeba.indices(Split.TRAIN).length);
    Attributes attributes = celeba.attributes().orElseThrow();
    int[] test = celeba.indices(Split.TEST);
    // 750 of the 1,600 test photographs are Apparel; the mean over all 40 is 0.1279.
    assertEquals(750 / 1600.0, attributes.baseRate(attributes.indexOf("Apparel"), test));
    double sum = 0;
    for (int a = 0; a < attributes.count(); a++) {
      sum += attributes.baseRate(a, test);
    }
    assertEquals(0.1279, sum / attributes.count(), 0.00005);
    assertEquals(60, celeba.image(0).width());

    Dataset articles = Datasets.open(products.resolve("articles.csv"), Layout.AUTO);
    assertEquals(7003, articles.indices(Split.TEST).length);
    assertEquals(
        81, Arrays.stream(articles.indices(Split.TRAIN)).map(articles::label).distinct().count());
    assertEquals("Kurtas", articles.classNames().get(articles.label(0)));
  }
}
