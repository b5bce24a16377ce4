package akin.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.nn.io.Safetensors.Array;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index is read as it was written, or refused in one message. */
class IndexFileTest {
  private static final List<String> IDS = List.of("a.jpg", "žluťoučký kůň", "", "test/42");
  private static final float[] EMBEDDINGS = {0, 1, 2, -3, Float.NaN, 5, 6, 1e-40f};

  @TempDir Path folder;
  private Path file;
  private Map<String, Array> arrays;
  private Map<String, String> metadata;

  @BeforeEach
  void writeAnIndex() {
    file = folder.resolve("index.safetensors");
    Index index =
        new Index(
            IDS,
            Vectors.of(EMBEDDINGS, 4, 2),
            Distance.COSINE,
            new Index.Source("hash", "resize-224"));
    index.save(file, Map.of());
    arrays = new LinkedHashMap<>();
    arrays.put("embeddings", Array.of(EMBEDDINGS, 4, 2));
    byte[] ids = String.join("", IDS).getBytes(StandardCharsets.UTF_8);
    arrays.put("ids", Array.of(ids, ids.length));
    arrays.put("ids.offsets", Array.of(new long[] {0, 5, 24, 24, 31}, 5));
    metadata = new LinkedHashMap<>();
    metadata.put("metric", "cosine");
    metadata.put("model", "hash");
    metadata.put("preprocessing", "resize-224");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Index read = Index.open(file);
    assertEquals(4, read.size());
    assertEquals(2, read.dimension());
    assertEquals(Distance.COSINE, read.metric());
    assertEquals(new Index.Source("hash", "resize-224"), read.source());
    for (int row = 0; row < 4; row++) {
      assertEquals(IDS.get(row), read.id(row));
      assertEquals(row, read.row(IDS.get(row)));
      assertArrayEquals(Arrays.copyOfRange(EMBEDDINGS, row * 2, row * 2 + 2), read.embedding(row));
    }
    assertEquals(-1, read.row("b.jpg"));
  }

  @Test
  void theFileIsWhatItsDescriptionSays() throws IOException {
    Path byHand = folder.resolve("by-hand");
    Safetensors.write(byHand, arrays, metadata);
    assertArrayEquals(Files.readAllBytes(byHand), Files.readAllBytes(file));
  }

  @Test
  void aFileCutAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(UserError.class, () -> Index.open(file));
    }
  }

  @Test
  void aFileThatIsNoIndexIsRefused() {
    refused(with -> with.remove("embeddings"));
    refused(with -> with.remove("ids"));
    refused(with -> with.remove("ids.offsets"));
    refused(with -> with.put("embeddings", Array.of(EMBEDDINGS, 8)));
    refused(with -> with.put("embeddings", Array.of(EMBEDDINGS, 2, 4)));
    refused(with -> with.put("embeddings", Array.of(new float[0], 4, 0)));
    refused(with -> with.put("ids.offsets", Array.of(new long[] {0, 5, 24, 31}, 4)));
    refused(with -> with.put("ids.offsets", Array.of(new long[] {0, 5, 24, 24, 32}, 5)));
    refused(with -> with.put("ids.offsets", Array.of(new long[] {0, 24, 5, 24, 31}, 5)));
    refused(with -> with.put("ids.offsets", Array.of(new long[] {-1, 5, 24, 24, 31}, 5)));
    refused(with -> with.put("ids.offsets", Array.of(new long[] {0, 1L << 32, 24, 24, 31}, 5)));
    // One byte of a two-byte letter; two rows with the same id.
    refused(with -> with.put("ids.offsets", Array.of(new long[] {0, 6, 24, 24, 31}, 5)));
    refused(with -> with.put("ids.offsets", Array.of(new long[] {0, 5, 31, 31, 31}, 5)));
    for (String key : List.of("metric", "model", "preprocessing")) {
      String value = metadata.remove(key);
      refused(with -> {});
      metadata.put(key, value);
    }
    metadata.put("metric", "hamming");
    refused(with -> {});
    for (Distance metric : Distance.values()) {
      metadata.put("metric", metric.name().toLowerCase(Locale.ROOT));
      Safetensors.write(file, arrays, metadata);
      assertEquals(metric, Index.open(file).metric());
    }
  }

  private void refused(Consumer<Map<String, Array>> change) {
    Map<String, Array> changed = new LinkedHashMap<>(arrays);
    change.accept(changed);
    Safetensors.write(file, changed, metadata);
    String message = assertThrows(UserError.class, () -> Index.open(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
  }
}
