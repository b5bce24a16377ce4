package akin.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.io.Safetensors.Array;
import akin.tensor.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of NumPy. */
class NumpyWeightsTest {
  @TempDir Path folder;

  /** A .npy file: magic, version, the header's text, the elements. */
  static byte[] npy(int version, String header, byte[] elements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    out.write(version);
    out.write(0);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    length.putInt(text.length);
    out.write(length.array(), 0, version == 1 ? 2 : 4);
    out.writeBytes(text);
    out.writeBytes(elements);
    return out.toByteArray();
  }

  private static byte[] numbers(int from, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  private double[] read(byte[] npy) throws IOException {
    Path file = Files.write(folder.resolve("one.npy"), npy);
    try (WeightFile weights = WeightFile.open(file)) {
      assertEquals("NumPy npy", weights.format());
      return weights.stateDict().values().get("one").doubles();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionIsRead(int version) throws IOException {
    byte[] file =
        npy(
            version,
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }\n",
            numbers(250, 3));
    assertArrayEquals(new double[] {250, 251, 252}, read(file));
  }

  @Test
  void bothByteOrdersAreRead() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4);
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      String sign = order == ByteOrder.BIG_ENDIAN ? ">" : "<";
      String rest = "'fortran_order': False, 'shape': (), }";
      bytes.order(order).putFloat(0, 1.5f);
      byte[] real = npy(1, "{'descr': '" + sign + "f4', " + rest, bytes.array());
      assertArrayEquals(new double[] {1.5}, read(real));
      bytes.putInt(0, -7);
      byte[] whole = npy(1, "{'descr': '" + sign + "i4', " + rest, bytes.array());
      assertArrayEquals(new double[] {-7}, read(whole));
    }
  }

  @Test
  void columnMajorArraysAreTurned() throws IOException {
    byte[] file =
        npy(1, "{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }", numbers(0, 6));
    assertArrayEquals(new double[] {0, 2, 4, 1, 3, 5}, read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }; objects are never read",
        "{'descr': '<U3', 'fortran_order': False, 'shape': (3,), }; found '<U3'",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }; found '<c8'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }; 'descr' is the name",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }; take 4 bytes; found 3",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }; take 2 bytes; found 3",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }; 'shape' is a tuple",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (4,), }; 'fortran_order' is True or False",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999, 999999999),};"
            + " its size can be counted",
        "__import__('os').system('true'); its header is a dictionary",
      })
  void whatIsNoPlainArrayIsRefused(String header, String message) {
    UserError error = assertThrows(UserError.class, () -> read(npy(1, header, new byte[3])));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void compressedArchivesAreRead() throws IOException {
    Path file = folder.resolve("compressed.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : List.of("conv/kernel:0", "b")) {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(
            npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (5,), }", numbers(1, 5)));
      }
    }
    try (WeightFile weights = WeightFile.open(file)) {
      assertEquals("NumPy npz", weights.format());
      Map<String, StateDict.Value> values = weights.stateDict().values();
      assertEquals(List.of("conv/kernel:0", "b"), List.copyOf(values.keySet()));
      assertArrayEquals(new double[] {1, 2, 3, 4, 5}, values.get("b").doubles());
    }
  }

  @Test
  void whatIsWrittenIsReadBackAndTheSameInputGivesTheSameBytes() throws IOException {
    Map<String, Array> arrays = new LinkedHashMap<>();
    arrays.put("layer.0.weight", Array.of(SampleWeights.WEIGHT, 2, 3));
    arrays.put("count", Array.of(new long[] {Long.MIN_VALUE}));
    arrays.put("wide", Array.of(new double[] {Math.PI, Double.MIN_VALUE}, 2));
    arrays.put("bytes", Array.of(new byte[] {-1}, 1, 1));
    arrays.put("none", Array.of(new float[0], 0, 4));
    Path file = folder.resolve("written.npz");
    Npz.write(file, arrays);
    byte[] first = Files.readAllBytes(file);
    Npz.write(file, arrays);
    assertArrayEquals(first, Files.readAllBytes(file));
    assertTrue(
        new String(first, StandardCharsets.ISO_8859_1)
            .contains("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } "));
    try (WeightFile weights = WeightFile.open(file)) {
      Map<String, StateDict.Value> values = weights.stateDict().values();
      assertEquals(List.copyOf(arrays.keySet()), List.copyOf(values.keySet()));
      assertArrayEquals(new int[] {2, 3}, weights.entries().get("layer.0.weight").shape());
      for (int i = 0; i < 6; i++) {
        assertEquals(
            Float.floatToRawIntBits(SampleWeights.WEIGHT[i]),
            Float.floatToRawIntBits((float) values.get("layer.0.weight").doubles()[i]));
      }
      assertEquals(Long.MIN_VALUE, values.get("count").whole());
      assertArrayEquals(new double[] {Math.PI, Double.MIN_VALUE}, values.get("wide").doubles());
      assertEquals(255, values.get("bytes").whole());
      assertArrayEquals(new int[] {0, 4}, weights.entries().get("none").shape());
    }
  }
}
