package akin.retrieval.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random changes of pictures by their definitions. */
class AugmentationTest {
  private static final RandomStream STREAM = RandomStream.of(1, "augmentation");

  private static Image picture(int width, int height, int channels) {
    byte[] bytes = new byte[width * height * channels];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) STREAM.below(i, 256);
    }
    return new Image(width, height, channels, bytes);
  }

  static Stream<Augmentation> all() {
    return Stream.of(
        new Greyscale(null, null),
        new Scale(null, null),
        new Translate(null),
        new Rotate(null),
        new Shear(null),
        new Crop(null, 0.6, null),
        new Jitter(null, null, null),
        new SomeOf(1, 2, List.of(new Rotate(null), new Greyscale(null, null))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void sizesStayAndTheStreamAloneDecides(Augmentation change) {
    for (Image image : List.of(picture(9, 7, 3), picture(7, 9, 1), picture(1, 1, 3))) {
      Image changed = change.apply(image, STREAM.child(4));
      assertEquals(image.width(), changed.width());
      assertEquals(image.height(), changed.height());
      assertEquals(image.channels(), changed.channels());
      assertEquals(changed, change.apply(image, RandomStream.of(1, "augmentation").child(4)));
    }
    Image image = picture(9, 7, 3);
    assertNotEquals(
        change.apply(image, STREAM.child(4)),
        change.apply(image, STREAM.child(5)),
        "another stream, another change");
  }

  @Test
  void rangesOfNoWidthChangeNothing() {
    Image image = picture(8, 5, 3);
    for (Augmentation none :
        List.of(
            new Greyscale(0.0, 0.0),
            new Scale(1.0, 1.0),
            new Translate(0.0),
            new Rotate(0.0),
            new Shear(0.0),
            new Crop(1.0, 1.0, 1.0),
            new Jitter(0.0, 0.0, 0.0),
            new SomeOf(0, 0, List.of(new Rotate(null))))) {
      assertEquals(image, none.apply(image, STREAM), none.toString());
    }
  }

  @Test
  void greyscaleMixesWithWhatPillowCallsGrey() {
    Image image = picture(4, 3, 3);
    assertEquals(image.grey().rgb(), new Greyscale(1.0, 1.0).apply(image, STREAM));
    Image half = new Greyscale(0.5, 0.5).apply(image, STREAM);
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        double mixed = (image.at(x, y, 1) + image.grey().at(x, y, 0)) / 2.0;
        assertEquals(Math.round(mixed), half.at(x, y, 1));
      }
    }
    assertEquals(image.grey(), new Greyscale(1.0, 1.0).apply(image.grey(), STREAM));
  }

  @Test
  void aWarpLooksUpWhereItWas() {
    Image image = picture(5, 5, 3);
    Image turned = new Warp(0, 1, -1, 0, 0, 0).of(image); // a quarter
    Image moved = new Warp(1, 0, 0, 1, 2, -1).of(image);
    Image between = new Warp(1, 0, 0, 1, 0.5, 0).of(image);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        assertEquals(image.at(y, 4 - x, 0), turned.at(x, y, 0));
        assertEquals(
            image.at(Math.min(x + 2, 4), Math.max(y - 1, 0), 2),
            moved.at(x, y, 2),
            "beyond the border it goes on");
        int next = image.at(Math.min(x + 1, 4), y, 1);
        assertEquals(Math.round((image.at(x, y, 1) + next) / 2.0), between.at(x, y, 1));
      }
    }
  }

  @Test
  void scalingAboutTheMiddleKeepsTheMiddle() {
    byte[] bytes = new byte[49];
    bytes[24] = (byte) 200;
    Image dot = new Image(7, 7, 1, bytes);
    for (Augmentation change : List.of(new Scale(null, null), new Rotate(null), new Shear(null))) {
      assertEquals(200, change.apply(dot, STREAM).at(3, 3, 0), change.toString());
    }
  }

  @Test
  void translationStaysWithinItsShare() {
    byte[] bytes = new byte[400];
    bytes[210] = (byte) 255;
    Image dot = new Image(20, 20, 1, bytes);
    Set<Image> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Image moved = new Translate(0.1).apply(dot, STREAM.child(i));
      double sum = 0;
      double x = 0;
      double y = 0;
      for (int k = 0; k < 400; k++) {
        int value = moved.bytes()[k] & 0xff;
        sum += value;
        x += value * (k % 20);
        y += value * (k / 20);
      }
      // four cells are rounded to whole samples: the middle is off by less than 2/255 of a cell
      assertTrue(Math.abs(x / sum - 10) < 2.02 && Math.abs(y / sum - 10) < 2.02);
      seen.add(moved);
    }
    assertTrue(seen.size() > 40);
  }

  /** Of a picture of its own coordinates, the values tell what was cut out. */
  @Test
  void aCropHasTheShareAndTheRatioAskedFor() {
    int side = 101;
    byte[] bytes = new byte[side * side * 3];
    for (int i = 0; i < side * side; i++) {
      bytes[3 * i] = (byte) (2 * (i % side));
      bytes[3 * i + 1] = (byte) (2 * (i / side));
    }
    Image map = new Image(side, side, 3, bytes);
    double fewest = 1;
    double most = 0;
    for (int i = 0; i < 60; i++) {
      Image cut = new Crop(0.25, 0.5, 4.0 / 3).apply(map, STREAM.child(i));
      // between the middles of the first and the last pixel lie side − 1 of the part's pixels
      double width = (cut.at(side - 1, 0, 0) - cut.at(0, 0, 0)) / (2.0 * (side - 1));
      double height = (cut.at(0, side - 1, 1) - cut.at(0, 0, 1)) / (2.0 * (side - 1));
      double share = width * height;
      double rounding = 0.02; // a value is rounded by half of 1/200 at both ends of both sides
      assertTrue(share > 0.25 - rounding && share < 0.5 + rounding, "share " + share);
      assertTrue(width / height < 4.0 / 3 + 0.05 && height / width < 4.0 / 3 + 0.05);
      fewest = Math.min(fewest, share);
      most = Math.max(most, share);
    }
    assertTrue(fewest < 0.3 && most > 0.45, "from " + fewest + " to " + most);
    Image wide = new Image(1, 1, 1, new byte[1]);
    assertEquals(
        wide, new Crop(1.0, 1.0, 50.0).apply(wide, STREAM), "nothing fits: it stays whole");
  }

  @Test
  void jitterChangesWhatItSays() {
    Image image = picture(6, 5, 3);
    Image bright = new Jitter(0.4, 0.0, 0.0).apply(image, STREAM);
    double f = 0.6 + 0.8 * STREAM.uniform(0);
    double grey = 0;
    for (byte each : image.grey().bytes()) {
      grey += (each & 0xff) / 30.0;
    }
    Image contrast = new Jitter(0.0, 0.4, 0.0).apply(image, STREAM);
    double g = 0.6 + 0.8 * STREAM.uniform(1);
    Image saturated = new Jitter(0.0, 0.0, 0.4).apply(image, STREAM);
    double h = 0.6 + 0.8 * STREAM.uniform(2);
    for (int k = 0; k < 3; k++) {
      int was = image.at(2, 3, k);
      int own = image.grey().at(2, 3, 0);
      assertEquals(clamped(f * was), bright.at(2, 3, k));
      assertEquals(clamped(grey + g * (was - grey)), contrast.at(2, 3, k));
      assertEquals(clamped(own + h * (was - own)), saturated.at(2, 3, k));
    }
  }

  private static long clamped(double value) {
    return Math.round(Math.min(Math.max(value, 0), 255));
  }

  @Test
  void someOfThemTakesEachAtMostOnceInAnyOrder() {
    Image black = new Image(3, 1, 1, new byte[3]);
    List<Augmentation> marks =
        IntStream.range(0, 3).<Augmentation>mapToObj(AugmentationTest::marking).toList();
    Set<List<Integer>> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Image changed = new SomeOf(null, null, marks).apply(black, STREAM.child(i));
      seen.add(List.of(changed.at(0, 0, 0), changed.at(1, 0, 0), changed.at(2, 0, 0)));
    }
    Set<List<Integer>> wanted = new HashSet<>(Set.of(List.of(0, 0, 0)));
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        Integer[] order = {0, 0, 0};
        order[i] = 1;
        order[j] = i == j ? 1 : 2; // i came first, then j
        wanted.add(List.of(order));
      }
    }
    assertEquals(wanted, seen, "none, each alone, each two in both orders");
  }

  /** Writes into a sample how many were written before it, and 1. */
  private static Augmentation marking(int sample) {
    return (image, stream) -> {
      byte[] bytes = image.bytes().clone();
      bytes[sample] += (byte) (1 + bytes[0] + bytes[1] + bytes[2]);
      return new Image(image.width(), image.height(), image.channels(), bytes);
    };
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new Greyscale(0.9, 0.2),
            () -> new Scale(0.0, 1.0),
            () -> new Translate(1.5),
            () -> new Rotate(Double.NaN),
            () -> new Shear(90.0),
            () -> new Crop(0.0, 1.0, 1.0),
            () -> new Crop(null, null, 0.5),
            () -> new Jitter(null, 2.0, null),
            () -> new SomeOf(0, 3, List.of(new Rotate(null))),
            () -> new SomeOf(null, null, List.of()))) {
      assertThrows(IllegalArgumentException.class, wrong::run);
    }
  }
}
