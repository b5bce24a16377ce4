package akin.retrieval.faces;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Image;
import akin.retrieval.data.Split;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, that it is the same every time, and that each attribute can be seen. */
class FaceMakerTest {
  @TempDir Path folder;

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> entries = Files.walk(root)) {
      return entries.filter(Files::isRegularFile).map(root::relativize).sorted().toList();
    }
  }

  @Test
  void theSameSeedWritesTheSameBytesAtAnyThreadCount() throws IOException {
    FaceMaker maker = new FaceMaker(40, 32, 7);
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    maker.write(one, 1, done -> {});
    List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    maker.write(two, 2, told::add);
    assertEquals(40, told.size());
    assertEquals(files(one), files(two));
    assertEquals(43, files(one).size());
    for (Path file : files(one)) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(two.resolve(file)), "" + file);
    }
    assertNotEquals(maker.face(3).image(), new FaceMaker(40, 32, 8).face(3).image());
    assertEquals(maker.face(3).image(), new FaceMaker(400, 32, 7).face(3).image());
  }

  @Test
  void theReaderOfCelebaReadsWhatWasDrawn() {
    FaceMaker maker = new FaceMaker(30, 24, 1);
    maker.write(folder.resolve("faces"), 2, done -> {});
    Dataset data = Datasets.open(folder.resolve("faces"), Datasets.Layout.AUTO);
    assertEquals(30, data.size());
    assertEquals(24, data.indices(Split.TRAIN).length);
    assertEquals(3, data.indices(Split.VALIDATION).length);
    Attributes attributes = data.attributes().orElseThrow();
    assertEquals(
        Arrays.stream(FaceAttribute.values()).map(FaceAttribute::celebaName).toList(),
        attributes.names());
    for (int i = 0; i < 30; i++) {
      assertEquals(maker.split(i), data.split(i));
      for (FaceAttribute attribute : FaceAttribute.values()) {
        assertEquals(maker.traits(i).has(attribute), attributes.has(i, attribute.ordinal()));
      }
    }
    Image drawn = maker.face(5).image();
    Image read = data.image(5);
    double squares = 0;
    for (int k = 0; k < drawn.bytes().length; k++) {
      int difference = (drawn.bytes()[k] & 0xff) - (read.bytes()[k] & 0xff);
      squares += difference * difference;
    }
    // JPEG at this quality may move a sample by a few levels, not by more.
    assertTrue(Math.sqrt(squares / drawn.bytes().length) < 8);
  }

  @Test
  void nothingIsOverwrittenAndNothingHalfIsLeft() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "keep me");
    FaceMaker maker = new FaceMaker(10, 16, 1);
    UserError error = assertThrows(UserError.class, () -> maker.write(folder, 1, done -> {}));
    assertTrue(error.getMessage().contains("not empty"), error.getMessage());
    assertEquals(List.of(Path.of("mine.txt")), files(folder));

    Path target = folder.resolve("faces");
    assertThrows(
        IllegalStateException.class,
        () ->
            maker.write(
                target,
                2,
                done -> {
                  if (done == 5) {
                    throw new IllegalStateException("stopped in the middle");
                  }
                }));
    assertFalse(Files.exists(target));
    assertEquals(List.of(Path.of("mine.txt")), files(folder));
    assertThrows(UserError.class, () -> new FaceMaker(9, 64, 1));
    assertThrows(UserError.class, () -> new FaceMaker(100, 8, 1));
  }

  /**
   * Draws one face with and without an attribute, all else equal: enough pixels must change by more
   * than the eye's threshold, for every attribute, or a network could not see it either.
   */
  @Test
  void everyAttributeChangesTheDrawing() {
    Map<FaceAttribute, Integer> least = new EnumMap<>(FaceAttribute.class);
    for (FaceAttribute attribute : FaceAttribute.values()) {
      for (int i = 0; i < 6; i++) {
        FaceMaker maker = new FaceMaker(12, 64, 5);
        Set<FaceAttribute> with = EnumSet.of(FaceAttribute.NO_BEARD, FaceAttribute.YOUNG);
        Set<FaceAttribute> without = EnumSet.copyOf(with);
        with.add(attribute);
        without.remove(attribute);
        Image a = FacePainter.paint(new FaceTraits(with), maker.stream(i), 64);
        Image b = FacePainter.paint(new FaceTraits(without), maker.stream(i), 64);
        int changed = 0;
        for (int k = 0; k < a.bytes().length; k += 3) {
          int most = 0;
          for (int c = k; c < k + 3; c++) {
            most = Math.max(most, Math.abs((a.bytes()[c] & 0xff) - (b.bytes()[c] & 0xff)));
          }
          changed += most >= 16 ? 1 : 0;
        }
        least.merge(attribute, changed, Math::min);
      }
    }
    System.out.println("pixels of 64x64 that an attribute changes, at least: " + least);
    least.forEach((attribute, pixels) -> assertTrue(pixels >= 12, attribute + " " + pixels));
  }
}
