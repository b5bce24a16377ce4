package akin.retrieval.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of queries, in the language and as pairs of a picture and an attribute. */
class QueryFileTest {
  private static final List<String> NAMES = List.of("Smiling", "Eyeglasses", "Young", "No_Beard");

  @TempDir Path folder;

  @Test
  void oneQueryALineWithCommentsAndEmptyLines() throws IOException {
    QueryFile read =
        read("# what to ask\r\n\r\n+Smiling -Young\r\n  like:a.jpg*2 ~Young\n+Smiling -Young");
    assertEquals(List.of("+Smiling -Young", "like:a.jpg*2 ~Young", "+Smiling -Young"), texts(read));
    assertEquals(List.of(3, 4, 5), read.lines());
    assertEquals(0, read.skipped());
  }

  @Test
  void picturesWithSignedAttributesKeepDuplicatesAndSkipLinesWithoutOne() throws IOException {
    QueryFile read =
        read(
            "image attribute\n000001.jpg +Smiling\n000002.JPG -No_Beard\n\n000001.jpg +Smiling\n"
                + "nothing here\n000003.jpg  +Young -Smiling\n");
    assertEquals(
        List.of(
            "like:000001.jpg +Smiling",
            "like:000002.JPG -No_Beard",
            "like:000001.jpg +Smiling",
            "like:000003.jpg +Young -Smiling"),
        texts(read));
    assertEquals(List.of(2, 3, 5, 7), read.lines());
    assertEquals(2, read.skipped());
  }

  @Test
  void aFaultNamesFileLineAndPosition() throws IOException {
    assertFault("+Smiling\n\n-Smilling", 3, ", position 2: unknown attribute 'Smilling'");
    assertFault("a.jpg +Smiling\nb.jpg +Yung", 2, ", position 8: unknown attribute 'Yung'");
    assertFault("a.jpg +Smiling\nb.jpg", 2, ": not a picture and a signed attribute");
    assertFault("a.jpg +Smiling\nb.jpg Young", 2, ": not a picture and a signed attribute");
  }

  @Test
  void filesWithoutQueriesOrThatCannotBeReadAreUserErrors() throws IOException {
    assertThrows(UserError.class, () -> read(""));
    assertThrows(UserError.class, () -> read("# nothing\n\n"));
    assertThrows(UserError.class, () -> QueryFile.read(folder.resolve("missing"), NAMES));
    assertThrows(UserError.class, () -> QueryFile.read(folder, NAMES));
    Path binary = folder.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThrows(UserError.class, () -> QueryFile.read(binary, NAMES));
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstQuery() throws IOException {
    assertEquals(List.of("+Smiling"), texts(read("\uFEFF+Smiling\n")));
  }

  private void assertFault(String text, int line, String rest) {
    String message = assertThrows(UserError.class, () -> read(text)).getMessage();
    assertTrue(message.startsWith(folder.resolve("queries.txt") + ":" + line + rest), message);
  }

  private QueryFile read(String text) throws IOException {
    Path file = folder.resolve("queries.txt");
    Files.writeString(file, text);
    return QueryFile.read(file, NAMES);
  }

  private static List<String> texts(QueryFile read) {
    return read.queries().stream().map(Query::toString).toList();
  }
}
