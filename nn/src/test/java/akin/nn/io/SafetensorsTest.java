package akin.nn.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors.Array;
import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read back bit for bit; what is not exactly the format is refused. */
class SafetensorsTest {
  @TempDir Path folder;

  private static final float[] FLOATS = {
    0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY
  };
  private static final double[] DOUBLES = {Math.PI, -0.0, Double.MIN_VALUE, Double.NaN};
  private static final long[] LONGS = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
  private static final byte[] BYTES = {0, 1, 127, -128, -1};

  private Path sample() {
    Map<String, Array> arrays = new LinkedHashMap<>();
    arrays.put("bytes", Array.of(BYTES, 5));
    arrays.put("layer.0.weight", Array.of(FLOATS, 2, 3));
    arrays.put("scalar", Array.of(new double[] {42}));
    arrays.put("none", Array.of(new float[0], 0, 7));
    arrays.put("doubles é", Array.of(DOUBLES, 4));
    arrays.put("longs", Array.of(LONGS, 2, 1, 2));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("z", "first \"quoted\"\n");
    metadata.put("a", "Žluťoučký 🐎");
    Path file = folder.resolve("sample.safetensors");
    Safetensors.write(file, arrays, metadata);
    return file;
  }

  @Test
  void everythingWrittenIsReadBackBitForBit() {
    try (Safetensors read = Safetensors.open(sample())) {
      assertEquals(
          List.of("bytes", "layer.0.weight", "scalar", "none", "doubles é", "longs"),
          List.copyOf(read.tensors().keySet()));
      assertEquals(List.of("z", "a"), List.copyOf(read.metadata().keySet()));
      assertEquals("Žluťoučký 🐎", read.metadata().get("a"));
      assertEquals("first \"quoted\"\n", read.metadata().get("z"));
      assertArrayEquals(BYTES, read.tensor("bytes").bytes());
      assertArrayEquals(new long[] {0, 1, 127, 128, 255}, read.tensor("bytes").longs());
      assertArrayEquals(new int[] {2, 3}, read.tensor("layer.0.weight").shape());
      assertEquals(6, read.tensor("layer.0.weight").count());
      assertEquals(Type.F32, read.tensor("layer.0.weight").type());
      assertArrayEquals(FLOATS, read.tensor("layer.0.weight").floats());
      assertArrayEquals(new int[0], read.tensor("scalar").shape());
      assertArrayEquals(new double[] {42}, read.tensor("scalar").doubles());
      assertArrayEquals(new float[0], read.tensor("none").floats());
      assertArrayEquals(DOUBLES, read.tensor("doubles é").doubles());
      assertArrayEquals(LONGS, read.tensor("longs").longs());
      assertArrayEquals(new int[] {2, 1, 2}, read.tensor("longs").shape());
    }
  }

  @Test
  void theDataAreAlignedToTheirElementsAndTheSameInputGivesTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(sample());
    assertArrayEquals(first, Files.readAllBytes(sample()));
    long header = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8);
    String json = new String(first, 8, (int) header, UTF_8);
    assertTrue(json.startsWith("{\"__metadata__\":{\"z\":"), json);
    // 8-byte elements come first (1 + 4 + 4 of them), then 4-byte elements, then bytes.
    assertTrue(json.contains("\"layer.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],"), json);
    assertTrue(json.contains("\"data_offsets\":[72,96]"), json);
    assertTrue(
        json.contains("\"bytes\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[96,101]"));
    assertEquals(8 + header + 101, first.length);
  }

  @Test
  void arraysLongerThanTheReadBufferArriveWhole() {
    float[] values = new float[(1 << 18) * 2 + 3];
    byte[] bytes = new byte[(1 << 20) + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.5f;
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Path file = folder.resolve("long");
    Safetensors.write(
        file,
        Map.of("v", Array.of(values, values.length), "b", Array.of(bytes, bytes.length)),
        Map.of());
    try (Safetensors read = Safetensors.open(file)) {
      assertArrayEquals(values, read.tensor("v").floats());
      assertArrayEquals(bytes, read.tensor("b").bytes());
      double[] doubles = read.tensor("v").doubles();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], doubles[i]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000f83f 0000000000000080, '1.5,-0.0'",
    "F32, 0000c03f 000080ff, '1.5,-Infinity'",
    "F16, 003e 0100 ff7b 00fc 0080 0004 ff03, '1.5,5.9604645E-8,65504,-Infinity,-0.0,"
        + "6.1035156E-5,6.097555E-5'",
    "BF16, c03f 80ff 0080, '1.5,-Infinity,-0.0'",
    "I64, ffffffffffffffff 0100000000000000, '-1,1'",
    "I32, ffffffff 00000080, '-1,-2147483648'",
    "I16, ffff 0080, '-1,-32768'",
    "I8, ff 80, '-1,-128'",
    "U8, ff 80, '255,128'",
    "BOOL, 00 01 02, '0,1,1'",
  })
  void everyTypeIsReadAsTheNumbersItStores(Type type, String hex, String numbers)
      throws IOException {
    byte[] data = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    double[] expected =
        Arrays.stream(numbers.split(",")).mapToDouble(Double::parseDouble).toArray();
    String header =
        "{\"t\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(type, expected.length, data.length);
    try (Safetensors read = Safetensors.open(file(header, data))) {
      Safetensors.Entry entry = read.tensor("t");
      for (int i = 0; i < expected.length; i++) {
        // The decimal texts are the shortest that name the float; so compare as floats too.
        assertEquals((float) expected[i], (float) entry.doubles()[i]);
        assertEquals((float) expected[i], entry.floats()[i]);
      }
      if (type.isFloating()) {
        assertThrows(UserError.class, entry::longs);
      } else {
        assertArrayEquals(
            Arrays.stream(expected).mapToLong(d -> (long) d).toArray(), entry.longs());
      }
      if (type.bytes() == 1) {
        assertArrayEquals(data, entry.bytes());
      } else {
        assertThrows(UserError.class, entry::bytes);
      }
    }
  }

  @Test
  void everyHalfIsReadAsItsDefinitionSays() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 0x1f;
      double fraction = (bits & 0x3ff) / 1024.0;
      double magnitude =
          exponent == 0
              ? Math.scalb(fraction, -14)
              : exponent == 31
                  ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                  : Math.scalb(1 + fraction, exponent - 15);
      float expected = (float) (bits < 1 << 15 ? magnitude : -magnitude);
      assertEquals(expected, Elements.halfToFloat((short) bits));
    }
  }

  @Test
  void aFileCutAtAnyByteIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(sample());
    Path cut = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      UserError error = assertThrows(UserError.class, () -> Safetensors.open(cut));
      assertTrue(error.getMessage().contains("truncated"), "cut at " + length + ": " + error);
      assertTrue(error.getMessage().startsWith(cut.toString()), error.getMessage());
    }
  }

  @Test
  void aFileWithAnyHeaderByteChangedIsRefusedOrStaysConsistent() throws IOException {
    byte[] whole = Files.readAllBytes(sample());
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Path changed = folder.resolve("changed");
    int refused = 0;
    for (int at = 0; at < 8 + header; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x15;
      Files.write(changed, bytes);
      try (Safetensors read = Safetensors.open(changed)) {
        long total = 0;
        for (Safetensors.Entry entry : read.tensors().values()) {
          total += entry.count() * entry.type().bytes();
          assertEquals(entry.count(), entry.doubles().length);
        }
        assertEquals(whole.length - 8 - header, total);
      } catch (UserError e) {
        refused++;
      }
    }
    assertTrue(refused > header / 2, "only " + refused + " of " + header + " were refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{}x",
        "{}{}",
        "{\"t\":1}",
        "{\"t\":[]}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}}",
        "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
        "{\"t\":{\"shape\":[2],\"data_offsets\":[0,8]}}",
        // types
        "{\"t\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":null,\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":{},\"shape\":[2],\"data_offsets\":[0,8]}}",
        // shapes and sizes
        "{\"t\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[4294967298],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1e400],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],"
            + "\"data_offsets\":[0,8]}}",
        // 2^31 · 2^31 · 4 wraps around to 0 in 64 bits
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
            + "1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}",
        // offsets
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9223372036854775800,"
            + "9223372036854775807]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[18446744073709551608,0]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
        // names and keys
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"t\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"strides\":[9]}}",
        "{\"__metadata__\":{\"a\":1},\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"},"
            + "\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"__metadata__\":{},\"__metadata__\":{},"
            + "\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"__metadata__\":[],\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
      })
  void aHostileHeaderIsRefusedInOneMessage(String header) throws IOException {
    Path file = file(header, new byte[8]);
    UserError error = assertThrows(UserError.class, () -> Safetensors.open(file).close());
    assertTrue(error.getMessage().startsWith(file + ": not a valid safetensors file\n  rule: "));
  }

  @Test
  void theSameHeadersWithoutTheFaultAreTaken() throws IOException {
    String good =
        " {\"__metadata__\":{\"a\":\"1\"},\"t\":{\"shape\":[2],\"data_offsets\":[0,8],"
            + "\"dtype\":\"F32\"},\"u\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[8,8]}}  ";
    try (Safetensors read = Safetensors.open(file(good, new byte[8]))) {
      assertArrayEquals(new float[2], read.tensor("t").floats());
      assertArrayEquals(new long[0], read.tensor("u").longs());
    }
    Safetensors.open(file("{}", new byte[0])).close();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 100_000_001, 0, 1})
  void aHostileHeaderLengthIsRefused(long length) throws IOException {
    Path file = folder.resolve("length");
    Files.write(
        file, ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    assertThrows(UserError.class, () -> Safetensors.open(file));
  }

  @Test
  void deepNestingAndBrokenUtf8AreRefused() throws IOException {
    assertThrows(UserError.class, () -> Safetensors.open(file("[".repeat(100_000), new byte[0])));
    Path deep = file("{\"a\":" + "{\"a\":".repeat(100_000), new byte[0]);
    assertThrows(UserError.class, () -> Safetensors.open(deep));
    Path file = folder.resolve("utf8");
    byte[] bytes = Files.readAllBytes(file("{\"a\":{}}", new byte[0]));
    bytes[10] = (byte) 0xff;
    Files.write(file, bytes);
    assertThrows(UserError.class, () -> Safetensors.open(file));
  }

  @Test
  void missingFilesFoldersAndTensorsAreUserErrors() {
    Path missing = folder.resolve("missing");
    assertThrows(UserError.class, () -> Safetensors.open(missing));
    assertThrows(UserError.class, () -> Safetensors.open(folder));
    try (Safetensors read = Safetensors.open(sample())) {
      UserError error = assertThrows(UserError.class, () -> read.tensor("layer.0.bias"));
      assertTrue(error.getMessage().contains("layer.0.weight"), error.getMessage());
    }
  }

  @Test
  void whatDoesNotFitItsShapeIsNotWritten() {
    assertThrows(IllegalArgumentException.class, () -> Array.of(FLOATS, 7));
    assertThrows(IllegalArgumentException.class, () -> Array.of(FLOATS, -2, -3));
    assertThrows(IllegalArgumentException.class, () -> Array.of(FLOATS));
  }

  @Test
  void aFileIsReadAsItWasWhenOpenedThoughItIsReplacedMeanwhile() {
    Path file = sample();
    try (Safetensors read = Safetensors.open(file)) {
      Safetensors.write(file, Map.of("other", Array.of(new long[] {1}, 1)), Map.of());
      assertArrayEquals(FLOATS, read.tensor("layer.0.weight").floats());
    }
  }

  @Test
  void goldenFilesOfAnotherWriterAreRead() {
    String shared = System.getProperty("akin.shared", "");
    Path file = Path.of(shared, "golden", "formula.safetensors");
    Assumptions.assumeTrue(Files.exists(file), "no golden files: " + file);
    try (Safetensors read = Safetensors.open(file)) {
      assertTrue(read.tensors().size() > 3);
      read.tensors().values().forEach(t -> assertEquals(t.count(), t.doubles().length));
    }
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(data);
    Path file = folder.resolve("made.safetensors");
    Files.write(file, bytes.array());
    return file;
  }
}
