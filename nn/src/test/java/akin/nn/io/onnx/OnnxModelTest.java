package akin.nn.io.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.io.WeightFile;
import akin.tensor.UserError;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Initialisers of ONNX models, in every field that may hold their elements. */
class OnnxModelTest {
  @TempDir Path folder;

  private WeightFile open(ByteString... initialisers) throws IOException {
    return WeightFile.open(
        Files.write(folder.resolve("model.onnx"), OnnxFiles.model(initialisers)));
  }

  private static ByteString raw(String name, int type, long[] sizes, byte[] bytes) {
    return OnnxFiles.tensor(name, type, sizes, out -> out.writeByteArray(9, bytes));
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static ByteString varints(long... values) {
    return OnnxFiles.message(
        out -> {
          for (long value : values) {
            out.writeInt64NoTag(value);
          }
        });
  }

  @Test
  void elementsAreFoundInEveryField() throws IOException {
    try (WeightFile model =
        open(
            raw("raw", 1, new long[] {2, 1}, floats(1.5f, Float.NaN)),
            OnnxFiles.tensor(
                "floats", 1, new long[] {2}, out -> out.writeByteArray(4, floats(-0f, 2))),
            OnnxFiles.tensor(
                "shape", 7, new long[] {3}, out -> out.writeBytes(7, varints(-1, 0, 1L << 40))),
            OnnxFiles.tensor(
                "half", 10, new long[] {2}, out -> out.writeBytes(5, varints(0x3c00, 0xc000))),
            OnnxFiles.tensor("bytes", 2, new long[] {1}, out -> out.writeBytes(5, varints(200))),
            OnnxFiles.tensor(
                "wide",
                11,
                new long[] {},
                out -> out.writeByteArray(10, ByteBuffer.allocate(8).put(7, (byte) 64).array())),
            OnnxFiles.message(
                out -> {
                  out.writeBytes(9, ByteString.copyFrom(new byte[] {1, 0})); // before its sizes
                  out.writeBytes(1, varints(1, 2)); // packed
                  out.writeInt32(2, 9);
                  out.writeString(8, "bool");
                }))) {
      assertEquals("ONNX", model.format());
      assertEquals("pytorch", model.metadata().get("producer"));
      Map<String, StateDict.Value> values = model.stateDict().values();
      assertEquals("[raw, floats, shape, half, bytes, wide, bool]", values.keySet().toString());
      assertArrayEquals(new double[] {1.5, Double.NaN}, values.get("raw").doubles());
      assertArrayEquals(new int[] {2, 1}, model.entries().get("raw").shape());
      assertArrayEquals(new double[] {-0.0, 2}, values.get("floats").doubles());
      assertArrayEquals(new double[] {-1, 0, 1L << 40}, values.get("shape").doubles());
      assertArrayEquals(new double[] {1, -2}, values.get("half").doubles());
      assertEquals(200, values.get("bytes").whole());
      assertArrayEquals(new double[] {2}, values.get("wide").doubles());
      assertArrayEquals(new double[] {1, 0}, values.get("bool").doubles());
      assertArrayEquals(new int[] {1, 2}, model.entries().get("bool").shape());
    }
  }

  private void refused(String message, ByteString... initialisers) {
    UserError error = assertThrows(UserError.class, () -> open(initialisers).close());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void whatCannotBeReadIsRefusedByName() {
    refused(
        "initialiser 'far': its elements lie in another file",
        OnnxFiles.tensor("far", 1, new long[] {1}, out -> out.writeInt32(14, 1)));
    refused(
        "found number 8 of ONNX",
        OnnxFiles.tensor("text", 8, new long[] {1}, out -> out.writeString(6, "a")));
    refused("takes 8 bytes; found 4", raw("short", 1, new long[] {2}, floats(1)));
    refused("takes 4 bytes; found 8", raw("long", 1, new long[] {1}, floats(1, 2)));
    refused("none longer than an int", raw("negative", 1, new long[] {-1}, floats(1)));
    refused("can be counted", raw("huge", 1, new long[] {1 << 30, 1 << 30, 1 << 30}, floats(1)));
    refused(
        "a name of its own",
        raw("a", 1, new long[] {1}, floats(1)),
        raw("a", 1, new long[] {1}, floats(2)));
    refused(
        "does not belong to the field",
        OnnxFiles.tensor("f", 1, new long[] {1}, out -> out.writeBytes(7, varints(1))));
    refused(
        "together in one field",
        OnnxFiles.tensor(
            "twice",
            1,
            new long[] {1},
            out -> {
              out.writeByteArray(9, floats(1));
              out.writeByteArray(4, floats(1));
            }));
    refused(
        "types of ONNX", OnnxFiles.message(out -> out.writeTag(100, 3))); // a group that never ends
  }
}
