package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The line that is stored with a model says all there is to know. */
class PreprocessingTest {
  @Provide
  Arbitrary<Preprocessing> any() {
    return Arbitraries.of(ChannelOrder.class).flatMap(this::withOrder);
  }

  private Arbitrary<Preprocessing> withOrder(ChannelOrder order) {
    Arbitrary<List<Double>> numbers =
        Arbitraries.doubles().between(0.01, 9).ofScale(6).list().ofSize(order.count());
    Arbitrary<Integer> sides = Arbitraries.integers().between(1, 999);
    Arbitrary<Fit> fits =
        Arbitraries.oneOf(
            Arbitraries.just(new Fit.Stretch()),
            sides.map(Fit.Crop::new),
            Arbitraries.doubles().between(0.001, 1).ofScale(6).map(Fit.Central::new));
    return Combinators.combine(
            sides,
            sides,
            fits,
            Arbitraries.of(ResizeFilter.class),
            Arbitraries.doubles().between(1, 255).ofScale(3),
            numbers,
            numbers)
        .as(
            (w, h, fit, filter, divisor, mean, std) ->
                new Preprocessing(
                    w, fit instanceof Fit.Central ? w : h, fit, filter, order, divisor, mean, std));
  }

  @Property(tries = 300, seed = "1")
  void theIdReadsBackToTheSame(@ForAll("any") Preprocessing preprocessing) {
    assertEquals(preprocessing, Preprocessing.parse(preprocessing.id()));
  }

  @Property(tries = 100, seed = "1")
  void numbersTurnBackIntoThePicture(@ForAll("any") Preprocessing any) {
    int channels = any.channels();
    Preprocessing small =
        new Preprocessing(
            16,
            16,
            new Fit.Stretch(),
            any.filter(),
            any.order(),
            any.divisor(),
            any.mean(),
            any.std());
    byte[] bytes = new byte[16 * 16 * channels];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / channels + 7 * (i % channels)); // every sample in every channel
    }
    Image picture = new Image(16, 16, channels, bytes);
    float[] in = new float[3 + small.length()];
    small.normalize(picture, in, 3);
    assertEquals(picture, small.picture(in, 3));
  }

  /** Models and features that were stored before there were other fits carry these lines. */
  @Test
  void linesOfOldFilesMeanTheSame() {
    String tail = " divisor=255.0 mean=0.5,0.5,0.5 std=0.5,0.5,0.5";
    Map<String, Preprocessing> old =
        Map.of(
            "size=64x48 fit=stretch filter=bilinear channels=3" + tail,
            Preprocessing.stretch(64, 48),
            "size=224x224 fit=crop256 filter=bicubic channels=3" + tail,
            Preprocessing.crop(256, 224).resizeWith(ResizeFilter.BICUBIC),
            "size=28x28 fit=stretch filter=bilinear channels=1 divisor=255.0 mean=0.5 std=0.5",
            Preprocessing.stretch(28, 28).grey());
    old.forEach(
        (id, meant) -> {
          assertEquals(meant, Preprocessing.parse(id));
          assertEquals(id, meant.id());
        });
  }

  @Test
  void publishedPreprocessingsSayThemselves() {
    assertEquals(
        "size=224x224 fit=central0.875 filter=bilinear channels=3 divisor=127.5"
            + " mean=1.0,1.0,1.0 std=1.0,1.0,1.0",
        StandardPreprocessing.INCEPTION.id());
    assertEquals(
        "size=224x224 fit=crop256 filter=bilinear channels=bgr divisor=1.0"
            + " mean=103.939,116.779,123.68 std=1.0,1.0,1.0",
        StandardPreprocessing.CAFFE.id());
    assertEquals(
        "size=224x224 fit=crop256 filter=bicubic channels=3 divisor=255.0"
            + " mean=0.485,0.456,0.406 std=0.229,0.224,0.225",
        StandardPreprocessing.EFFICIENTNET_B0.id());
  }

  @Test
  void anotherLineIsRefused() {
    String id = Preprocessing.stretch(64, 48).id();
    for (String wrong :
        List.of(
            "",
            id + " more=1",
            id.replace("64x48", "64"),
            id.replace("bil", "tri"),
            id.replace("stretch", "squeeze"),
            id.replace("stretch", "crop0"),
            id.replace("stretch", "central1.5"),
            id.replace("stretch", "centralNaN"),
            id.replace("stretch", "central0.875"), // 64x48 is no square
            id.replace("divisor=255.0", "divisor=0"),
            id.replace("mean=0.5", "mean=NaN"),
            id.replace("std=0.5", "std=0"),
            id.replace("std=0.5", "std=Infinity"),
            id.replace("channels=3", "channels=rgba"))) {
      assertThrows(UserError.class, () -> Preprocessing.parse(wrong), wrong);
    }
  }

  @Test
  void channelsComeOneAfterTheOther() {
    Image image = new Image(2, 1, 3, new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255});
    Preprocessing plain =
        Preprocessing.stretch(2, 1).normalize(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    assertArrayEquals(new float[] {0, 0.6f, 0.2f, 0.8f, 0.4f, 1}, numbers(plain, image));
    Preprocessing caffe =
        plain.bgr().divideBy(1).normalize(List.of(1.0, 2.0, 3.0), List.of(1.0, 1.0, 4.0));
    assertArrayEquals(new float[] {101, 254, 49, 202, -0.75f, 37.5f}, numbers(caffe, image));
    assertTrue(plain.sameShape(caffe), "the order of channels is no matter of bytes");
  }

  private static float[] numbers(Preprocessing preprocessing, Image image) {
    float[] out = new float[7];
    preprocessing.normalize(preprocessing.shape(image), out, 1);
    return Arrays.copyOfRange(out, 1, 7);
  }

  /** Of 9 x 6 pixels, ⌊0.875 · 6⌋ = 5 from column ⌊4/2⌋ = 2 and row ⌊1/2⌋ = 0. */
  @Test
  void aCentralSquareIsCutBeforeItIsResized() {
    byte[] bytes = new byte[9 * 6];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    Image image = new Image(9, 6, 1, bytes);
    Image square = Preprocessing.central(0.875, 5).grey().shape(image);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        assertEquals(image.at(x + 2, y, 0), square.at(x, y, 0), x + ", " + y);
      }
    }
    assertEquals(
        square.resize(3, 3, ResizeFilter.BILINEAR),
        Preprocessing.central(0.875, 3).grey().shape(image));
    Image dot = new Image(1, 1, 1, new byte[] {7});
    assertEquals(dot, Preprocessing.central(0.5, 1).grey().shape(dot));
  }

  @Test
  void whatACropLacksIsZero() {
    Image dot = new Image(1, 1, 1, new byte[] {7});
    assertArrayEquals(new byte[] {0, 0, 0, 7, 0, 0}, dot.crop(-1, -1, 2, 3).bytes());
    assertArrayEquals(new byte[4], dot.crop(5, 0, 2, 2).bytes());
    assertArrayEquals(new byte[4], dot.crop(0, -9, 2, 2).bytes());
  }
}
