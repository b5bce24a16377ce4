package akin.retrieval.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks whom, and whose answers do not count. */
class SidesTest {
  @TempDir Path folder;

  /** A list of pictures of which only the names are looked at. */
  private Dataset list(String name, String columns, String... rows) throws IOException {
    StringBuilder text = new StringBuilder("path," + columns + "\n");
    Files.createDirectories(folder.resolve(name));
    for (int i = 0; i < rows.length; i++) {
      Files.createFile(folder.resolve(name + "/" + i + ".png"));
      text.append(i).append(".png,").append(rows[i]).append('\n');
    }
    Path file = folder.resolve(name + "/list.csv");
    Files.writeString(file, text);
    return Datasets.open(file, Datasets.Layout.CSV);
  }

  @Test
  void withoutFlagsEveryPictureAsksTheOthers() throws IOException {
    Dataset pictures = list("plain", "label", "a", "b", "a", "");
    Sides sides = Sides.within(pictures);
    assertTrue(sides.oneVersusRest());
    Judgement judgement = sides.judgement();
    assertArrayEquals(new int[] {0, 2}, judgement.relevant(2));
    assertArrayEquals(new int[] {2}, judgement.leftOut(2));
    assertEquals(1, judgement.count(2));
    assertEquals(0, judgement.count(1));
    assertEquals(0, judgement.count(3), "no class");
    assertEquals(1, judgement.most(4));
  }

  @Test
  void flagsTellWhoAsksAndWhoAnswers() throws IOException {
    Dataset pictures =
        list("flags", "label,is_query,is_gallery", "a,1,0", "a,0,1", "a,1,1", "b,0,1", "b,0,0");
    Sides sides = Sides.within(pictures);
    assertEquals(List.of("0.png", "2.png"), ids(sides.queries()));
    assertEquals(List.of("1.png", "2.png", "3.png"), ids(sides.gallery()));
    Judgement judgement = sides.judgement();
    assertArrayEquals(new int[0], judgement.leftOut(0), "it is not searched");
    assertArrayEquals(new int[] {1}, judgement.leftOut(1), "it is both");
    assertEquals(2, judgement.count(0));
    assertEquals(1, judgement.count(1));
    Sides all = Sides.within(list("both", "label,is_query,is_gallery", "a,1,1", "a,1,1"));
    assertTrue(all.oneVersusRest(), "all are both");
  }

  @Test
  void aSequenceDoesNotAnswerItself() throws IOException {
    Dataset pictures = list("sequences", "label,sequence", "a,s", "a,s", "a,t", "b,s", "a,", "a,");
    Judgement judgement = Sides.within(pictures).judgement();
    assertArrayEquals(new int[] {0, 1, 3}, judgement.leftOut(0));
    assertEquals(3, judgement.count(0), "2, 4 and 5");
    assertArrayEquals(new int[] {4}, judgement.leftOut(4), "no sequence");
    assertEquals(4, judgement.count(4));
  }

  @Test
  void classesOfTwoSetsAreMatchedByName() throws IOException {
    Dataset asking = list("asking", "label", "b", "c", "b");
    Dataset searched = list("searched", "label", "a", "b", "b");
    Sides sides = Sides.across(asking, searched);
    sides.require();
    assertEquals(List.of("a", "b", "c"), sides.classNames());
    assertArrayEquals(new int[] {1, 2, 1}, sides.queryClasses());
    assertArrayEquals(new int[] {0, 1, 1}, sides.galleryClasses());
    assertEquals(2, sides.judgement().count(0), "0.png of the other set is another picture");
    assertEquals(0, sides.judgement().count(1));
  }

  @Test
  void whatCannotBeMeasuredIsRefused() throws IOException {
    Dataset pictures = list("refused", "label", "a", "a");
    refused(Sides.of(pictures, new int[] {0}, new int[0]), "the gallery is empty");
    refused(Sides.of(pictures, new int[0], new int[] {0}), "there are no queries");
    Dataset none = list("none", "label", "", "");
    refused(Sides.within(none), "no classes to judge by");
    refused(Sides.across(pictures, none), "no classes to judge by");
    refused(Sides.across(pictures, list("strange", "label", "z")), "the gallery has z");
    refused(Sides.within(list("each", "label", "a", "b", "c")), "no query has a picture to find");
    refused(Sides.of(pictures, new int[] {0}, new int[] {0}), "no query has a picture to find");
    refused(
        Sides.within(list("taken", "label,sequence", "a,s", "a,s", "b,t")),
        "no query has a picture to find");
    Sides.within(list("some", "label", "a", "a", "b")).require();
  }

  private static void refused(Sides sides, String part) {
    UserError error = assertThrows(UserError.class, sides::require);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  private static List<String> ids(Dataset pictures) {
    return IntStream.range(0, pictures.size()).mapToObj(pictures::id).toList();
  }
}
