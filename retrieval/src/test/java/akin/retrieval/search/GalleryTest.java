package akin.retrieval.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.retrieval.Index;
import akin.retrieval.data.Attributes;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryTest {
  private static final List<String> LABELS = List.of("sofa, \"red\"", "", "Stühle");
  private static final Attributes ATTRIBUTES =
      new Attributes(List.of("Smiling", "With, comma"), new byte[] {1, 0, 0, 0, 1, 1});

  @TempDir Path folder;

  private static Index index() {
    return new Index(
        List.of("a.jpg", "b,\"c\".jpg", "ü.jpg"),
        Vectors.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2),
        Distance.EUCLIDEAN,
        new Index.Source("model", "preprocessing"));
  }

  private Path file() {
    return folder.resolve("index.safetensors");
  }

  @Test
  void whatIsSavedIsReadBack() throws IOException {
    new Gallery(index(), LABELS, ATTRIBUTES).save(file());
    Files.delete(folder.resolve("gallery.csv"));
    Gallery read = Gallery.open(file());
    assertEquals(LABELS, read.labels());
    assertEquals(ATTRIBUTES, read.attributes());
    assertEquals("ü.jpg", read.index().id(2));
    assertEquals(1, read.index().row("b,\"c\".jpg"));
    assertEquals(-1, read.index().row("u.jpg"));

    new Gallery(index(), LABELS, null).save(file());
    assertNull(Gallery.open(file()).attributes());
  }

  @Test
  void theListIsReadWhereTheIndexHoldsOnlyEmbeddings() throws IOException {
    new Gallery(index(), LABELS, ATTRIBUTES).save(file());
    index().save(file(), Map.of());
    Gallery read = Gallery.open(file());
    assertEquals(LABELS, read.labels());
    assertEquals(ATTRIBUTES, read.attributes());

    Path list = folder.resolve("gallery.csv");
    String text = Files.readString(list);
    for (String wrong :
        List.of(
            text.replace("a.jpg", "x.jpg"),
            text.substring(0, text.lastIndexOf("ü")),
            text.replace(",1,1\n", ",1\n"),
            text + "d.jpg,,0,0\n")) {
      assertFalse(wrong.equals(text));
      Files.writeString(list, wrong);
      assertTrue(refusal().startsWith(list.toString()), refusal());
    }
  }

  @Test
  void attributesOfOtherPicturesAreRefused() {
    Safetensors.Array classes = Safetensors.Array.of(new byte[0], 0);
    Safetensors.Array offsets = Safetensors.Array.of(new long[4], 4);
    for (int rows : new int[] {0, 2, 4}) {
      index()
          .save(
              file(),
              Map.of(
                  "classes", classes,
                  "classes.offsets", offsets,
                  "attributes", Safetensors.Array.of(new byte[2 * rows], rows, 2)));
      assertTrue(refusal().contains("do not fit"), refusal());
    }
  }

  private String refusal() {
    return assertThrows(UserError.class, () -> Gallery.open(file())).getMessage();
  }
}
