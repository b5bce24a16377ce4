package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the readers of lists and folders take, and how they refuse the rest. */
class ReaderTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void picture(String name, int grey) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    byte[] pixels = {(byte) grey, (byte) grey, (byte) grey, (byte) grey};
    Files.write(file, ImageCodec.png(new Image(2, 2, 1, pixels)));
  }

  /** Opens the folder and expects a refusal that tells all of these. */
  private void refused(Path where, String... parts) {
    UserError error = assertThrows(UserError.class, () -> Datasets.open(where, Layout.AUTO));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), part + " is not in: " + error.getMessage());
    }
  }

  @Nested
  class Celeba {
    private static final String NAMES = "Smiling Young Bald";
    private static final String ROWS = "b.png -1  1 -1\na.png  1  1 -1\nc.png -1 -1  1\n";
    private static final String PARTS = "a.png 0\nb.png 2\nc.png 1\n";

    @BeforeEach
    void pictures() throws IOException {
      for (String name : List.of("a", "b", "c")) {
        picture("Img/img_align_celeba/" + name + ".png", name.charAt(0));
      }
    }

    private void lists(String attributes, String parts) throws IOException {
      write("Anno/list_attr_celeba.txt", attributes);
      write("Eval/list_eval_partition.txt", parts);
    }

    private void checkContents() {
      Dataset data = Datasets.open(folder, Layout.AUTO);
      assertEquals(3, data.size());
      assertEquals(List.of("a.png", "b.png", "c.png"), List.of(data.id(0), data.id(1), data.id(2)));
      assertEquals(
          List.of(Split.TRAIN, Split.TEST, Split.VALIDATION),
          List.of(data.split(0), data.split(1), data.split(2)));
      Attributes attributes = data.attributes().orElseThrow();
      assertEquals(List.of("Smiling", "Young", "Bald"), attributes.names());
      assertArrayEquals(new byte[] {1, 1, 0, 0, 1, 0, 0, 0, 1}, attributes.bits());
      assertEquals('b', data.image(1).at(0, 0, 2));
      assertEquals(-1, data.label(0));
    }

    @Test
    void takesAnyOrderOfRecords() throws IOException {
      lists("3\n" + NAMES + "\n" + ROWS, PARTS);
      checkContents();
      lists("3\n" + NAMES + "\nc.png -1 -1 1\nb.png -1 1 -1\na.png 1 1 -1\n", PARTS);
      checkContents();
    }

    @Test
    void takesWindowsLineEndsTrailingBlanksAndBlankLines() throws IOException {
      String attributes = "3 \n" + NAMES + " \n" + ROWS + "\n\n";
      lists(attributes.replace("\n", "  \r\n"), PARTS.replace("\n", "\t\r\n"));
      checkContents();
    }

    @Test
    void takesAMissingCount() throws IOException {
      lists(NAMES + "\n" + ROWS, PARTS);
      checkContents();
    }

    @Test
    void identitiesBecomeClassesInNumericalOrder() throws IOException {
      lists(NAMES + "\n" + ROWS, PARTS);
      write("Anno/identity_CelebA.txt", "a.png 100\nb.png 20\nc.png 100\n");
      Dataset data = Datasets.open(folder, Layout.AUTO);
      assertEquals(List.of("20", "100"), data.classNames());
      assertEquals(List.of(1, 0, 1), List.of(data.label(0), data.label(1), data.label(2)));
    }

    @Test
    void refusesAWrongCount() throws IOException {
      lists("4\n" + NAMES + "\n" + ROWS, PARTS);
      refused(folder, "list_attr_celeba.txt:1", "says 4; found 3");
    }

    @Test
    void refusesAMissingValue() throws IOException {
      lists("3\n" + NAMES + "\n" + ROWS.replace("a.png  1", "a.png"), PARTS);
      refused(folder, "list_attr_celeba.txt:4", "3 attributes need 3 values; found 2");
    }

    @Test
    void refusesAValueThatIsNotPlusOrMinusOne() throws IOException {
      lists("3\n" + NAMES + "\n" + ROWS.replace("c.png -1", "c.png 0"), PARTS);
      refused(folder, "list_attr_celeba.txt:5", "Smiling", "\"0\"", "-1 or 1");
    }

    @Test
    void refusesAMissingLineOfNames() throws IOException {
      lists("3\n" + ROWS, PARTS);
      refused(folder, "list_attr_celeba.txt:2", "names");
    }

    @Test
    void refusesAPictureListedTwice() throws IOException {
      lists(NAMES + "\n" + ROWS + "a.png 1 1 1\n", PARTS);
      refused(folder, "list_attr_celeba.txt:5", "a.png", "first on line 3");
    }

    @Test
    void refusesAPictureOfOneListOnly() throws IOException {
      lists(NAMES + "\n" + ROWS, PARTS.replace("b.png 2\n", ""));
      refused(folder, "list_attr_celeba.txt:2", "b.png", "list_eval_partition.txt");
      lists(NAMES + "\n" + ROWS, PARTS + "d.png 0\n");
      refused(folder, "list_eval_partition.txt:4", "d.png");
    }

    @Test
    void refusesAnUnknownPart() throws IOException {
      lists(NAMES + "\n" + ROWS, PARTS.replace("b.png 2", "b.png 3"));
      refused(folder, "list_eval_partition.txt:2", "0 (train)");
    }

    @Test
    void refusesAMissingPicture() throws IOException {
      lists(NAMES + "\n" + ROWS, PARTS);
      Files.delete(folder.resolve("Img/img_align_celeba/c.png"));
      refused(folder, "list_attr_celeba.txt:4", "c.png", "1 of 3");
    }

    @Test
    void refusesAMissingPartition() throws IOException {
      write("Anno/list_attr_celeba.txt", NAMES + "\n" + ROWS);
      refused(folder, "list_eval_partition.txt", "missing");
    }
  }

  @Nested
  class Csv {
    @BeforeEach
    void pictures() throws IOException {
      picture("x/a.png", 1);
      picture("x/b, c.png", 2);
    }

    @Test
    void readsPathsLabelsSplitsAndAttributes() throws IOException {
      Path list =
          write(
              "list.csv",
              "\uFEFFpath,label,other,split,attributes\r\n"
                  + "x/a.png,dog,7,Train,Young Smiling\r\n"
                  + "\"x/b, c.png\",cat,8,val,Smiling;Bald\r\n");
      Dataset data = Datasets.open(list, Layout.AUTO);
      assertEquals(List.of("x/a.png", "x/b, c.png"), List.of(data.id(0), data.id(1)));
      assertEquals(List.of("cat", "dog"), data.classNames());
      assertEquals(List.of(1, 0), List.of(data.label(0), data.label(1)));
      assertEquals(List.of(Split.TRAIN, Split.VALIDATION), List.of(data.split(0), data.split(1)));
      Attributes attributes = data.attributes().orElseThrow();
      assertEquals(List.of("Bald", "Smiling", "Young"), attributes.names());
      assertArrayEquals(new byte[] {0, 1, 1, 1, 1, 0}, attributes.bits());
      assertEquals(2, data.image(1).at(1, 1, 0));
    }

    @Test
    void needsOnlyThePath() throws IOException {
      Dataset data = Datasets.open(write("list.csv", "img_path\nx/a.png\n"), Layout.AUTO);
      assertEquals(-1, data.label(0));
      assertEquals(Split.ALL, data.split(0));
      assertTrue(data.attributes().isEmpty());
      assertArrayEquals(new int[0], data.indices(Split.TRAIN));
      assertArrayEquals(new int[] {0}, data.indices(Split.ALL));
    }

    @Test
    void refusesWhatContradictsItself() throws IOException {
      refused(write("list.csv", "file,label\nx/a.png,dog\n"), "list.csv:1", "no column named path");
      refused(
          write("list.csv", "path,label\nx/a.png,dog\nx/a.png\n"),
          "list.csv:3",
          "2 columns; found 1");
      refused(write("list.csv", "path,label\nx/a.png,dog\nx/a.png,cat\n"), "list.csv:3", "twice");
      refused(write("list.csv", "path,label\nx/z.png,dog\n"), "list.csv:2", "missing");
      refused(write("list.csv", "path,split\nx/a.png,dev\n"), "list.csv:2", "no split named dev");
      refused(write("list.csv", "path,label\n\"x/a.png,dog\n"), "list.csv");
      refused(write("list.csv", "path,label\n"), "list.csv", "no picture");
    }
  }

  @Nested
  class Folder {
    @Test
    void readsAFolderPerClass() throws IOException {
      picture("dog/2.png", 4);
      picture("cat/1.png", 5);
      write("cat/notes.txt", "not a picture");
      Dataset data = Datasets.open(folder, Layout.AUTO);
      assertEquals(List.of("cat/1.png", "dog/2.png"), List.of(data.id(0), data.id(1)));
      assertEquals(List.of("cat", "dog"), data.classNames());
      assertEquals(1, data.label(1));
      assertEquals(Split.ALL, data.split(0));
    }

    @Test
    void readsSplitsFromTheFirstLevel() throws IOException {
      picture("train/dog/1.png", 4);
      picture("train/cat/1.png", 4);
      picture("test/cat/2.png", 5);
      Dataset data = Datasets.open(folder, Layout.AUTO);
      assertEquals(List.of("cat", "dog"), data.classNames());
      assertArrayEquals(new int[] {1, 2}, data.indices(Split.TRAIN));
      assertEquals("test/cat/2.png", data.id(0));
      assertEquals(0, data.label(0));
    }

    @Test
    void saysWhatWasLookedFor() throws IOException {
      write("readme.txt", "nothing");
      refused(folder, "list_attr_celeba.txt", "idx3-ubyte", ".csv", "class/picture");
      refused(folder.resolve("none"), "no such file");
    }
  }
}
