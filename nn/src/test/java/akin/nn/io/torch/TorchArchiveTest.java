package akin.nn.io.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.io.Safetensors.Type;
import akin.nn.io.WeightFile;
import akin.nn.io.torch.PickleWriter.Tensor;
import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zip checkpoints: what they hold is read exactly, what could do more is refused. */
class TorchArchiveTest {
  @TempDir Path folder;

  static ByteBuffer bytes(int n) {
    return ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = bytes(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private WeightFile open(Object root, Map<String, byte[]> storages) {
    Path file = folder.resolve("test.pth");
    return WeightFile.open(TorchFiles.zip(file, new PickleWriter().value(root).bytes(), storages));
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private UserError refused(byte[] pickle) {
    Path file = TorchFiles.zip(folder.resolve("bad.pth"), pickle, Map.of("0", new byte[16]));
    return assertThrows(UserError.class, () -> WeightFile.open(file));
  }

  @Test
  void everyTypeIsReadExactly() {
    Map<String, Object> root = new LinkedHashMap<>();
    Map<String, byte[]> storages = new LinkedHashMap<>();
    root.put("f64", Tensor.of("DoubleStorage", "0", 2));
    storages.put("0", bytes(16).putDouble(Math.PI).putDouble(Double.MIN_VALUE).array());
    root.put("f32", Tensor.of("FloatStorage", "1", 1, 2));
    storages.put("1", floats(1.5f, Float.NEGATIVE_INFINITY));
    root.put("f16", Tensor.of("HalfStorage", "2", 3));
    storages.put("2", bytes(6).putShort((short) 0x3c00).putShort((short) 0x7e00).array());
    root.put("bf16", Tensor.of("BFloat16Storage", "3", 2));
    storages.put("3", bytes(4).putShort((short) 0x3fc0).putShort((short) 0xff80).array());
    root.put("i64", Tensor.of("LongStorage", "4"));
    storages.put("4", bytes(8).putLong(Long.MIN_VALUE).array());
    root.put("i32", Tensor.of("IntStorage", "5", 1));
    storages.put("5", bytes(4).putInt(-7).array());
    root.put("i16", Tensor.of("ShortStorage", "6", 1));
    storages.put("6", bytes(2).putShort((short) -300).array());
    root.put("i8", Tensor.of("CharStorage", "7", 1));
    storages.put("7", new byte[] {-1});
    root.put("u8", Tensor.of("ByteStorage", "8", 1));
    storages.put("8", new byte[] {-1});
    root.put("bool", Tensor.of("BoolStorage", "9", 2));
    storages.put("9", new byte[] {0, 1});
    root.put("none", Tensor.of("FloatStorage", "10", 0, 3));
    storages.put("10", new byte[0]);
    try (WeightFile file = open(root, storages)) {
      assertEquals("PyTorch checkpoint (zip)", file.format());
      assertEquals(List.copyOf(root.keySet()), List.copyOf(file.entries().keySet()));
      Map<String, StateDict.Value> values = file.stateDict().values();
      assertArrayEquals(new double[] {Math.PI, Double.MIN_VALUE}, values.get("f64").doubles());
      assertArrayEquals(new double[] {1.5, Double.NEGATIVE_INFINITY}, values.get("f32").doubles());
      assertArrayEquals(new double[] {1, Double.NaN, 0}, values.get("f16").doubles());
      assertArrayEquals(new double[] {1.5, Double.NEGATIVE_INFINITY}, values.get("bf16").doubles());
      assertEquals(Long.MIN_VALUE, values.get("i64").whole());
      assertEquals(-7, values.get("i32").whole());
      assertEquals(-300, values.get("i16").whole());
      assertEquals(-1, values.get("i8").whole());
      assertEquals(255, values.get("u8").whole());
      assertArrayEquals(new double[] {0, 1}, values.get("bool").doubles());
      assertArrayEquals(new double[0], values.get("none").doubles());
      assertArrayEquals(new int[] {1, 2}, file.entries().get("f32").shape());
      assertEquals(8, file.entries().get("f32").bytes());
      assertEquals(Type.BF16, file.entries().get("bf16").type());
    }
  }

  @Test
  void viewsHaveOffsetsAndStridesAndShareTheirStorage() {
    Map<String, Object> root =
        map(
            "whole", new Tensor("FloatStorage", "0", 6, 0, new int[] {2, 3}, new long[] {3, 1}),
            "transposed",
                new Tensor("FloatStorage", "0", 6, 0, new int[] {3, 2}, new long[] {1, 3}),
            "column", new Tensor("FloatStorage", "0", 6, 1, new int[] {2}, new long[] {3}),
            "tail", new Tensor("FloatStorage", "0", 6, 4, new int[] {1, 2}, new long[] {99, 1}),
            "repeated", new Tensor("FloatStorage", "0", 6, 5, new int[] {3}, new long[] {0}));
    try (WeightFile file = open(root, Map.of("0", floats(0, 1, 2, 3, 4, 5)))) {
      Map<String, StateDict.Value> values = file.stateDict().values();
      assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, values.get("whole").doubles());
      assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5}, values.get("transposed").doubles());
      assertArrayEquals(new double[] {1, 4}, values.get("column").doubles());
      assertArrayEquals(new double[] {4, 5}, values.get("tail").doubles());
      assertArrayEquals(new double[] {5, 5, 5}, values.get("repeated").doubles());
    }
  }

  @Test
  void theNetworkIsFoundAmongWhatTrainingSaved() {
    Tensor weight = Tensor.of("FloatStorage", "0", 2);
    Tensor average = Tensor.of("FloatStorage", "1", 2);
    Map<String, byte[]> storages = Map.of("0", floats(1, 2), "1", floats(3, 4));
    Map<String, Object> optimizer =
        map(
            "state", map("0", map("exp_avg", average)),
            "param_groups", List.of(map("lr", 0.1, "params", List.of(0L))));
    Map<String, Object> net = map("module.fc.weight", weight);
    try (WeightFile file =
        open(
            map(
                "epoch",
                90L,
                "best",
                average,
                "name",
                "resnet",
                "state_dict",
                net,
                "ema",
                map("fc.weight", average),
                "optimizer",
                optimizer),
            storages)) {
      assertEquals("[fc.weight]", file.stateDict().values().keySet().toString());
      assertArrayEquals(new double[] {1, 2}, file.stateDict().values().get("fc.weight").doubles());
      assertArrayEquals(
          new double[] {3, 4}, file.stateDict("ema").values().get("fc.weight").doubles());
      assertEquals("90", file.metadata().get("epoch"));
      assertEquals("resnet", file.metadata().get("name"));
      assertTrue(file.entries().containsKey("state_dict.module.fc.weight"));
      assertTrue(
          assertThrows(UserError.class, () -> file.stateDict("teacher"))
              .getMessage()
              .contains("state_dict"));
    }
    try (WeightFile file = open(optimizer, storages)) {
      String message = assertThrows(UserError.class, file::stateDict).getMessage();
      assertTrue(message.contains("an optimiser's state, but no network's weights"), message);
    }
    try (WeightFile file = open(map("epoch", 3L), storages)) {
      String message = assertThrows(UserError.class, file::stateDict).getMessage();
      assertTrue(message.contains("holds no array"), message);
    }
    try (WeightFile file = open(map("generator", net, "critic", map("c", average)), storages)) {
      String message = assertThrows(UserError.class, file::stateDict).getMessage();
      assertTrue(message.contains("found generator, critic"), message);
      assertEquals("[c]", file.stateDict("critic").values().keySet().toString());
    }
  }

  @Test
  void whatOnlyRunningCouldMakeIsRefusedByName() {
    byte[] calls =
        new PickleWriter().global("os", "system").op('(').text("true").op('t').op('R').bytes();
    String message = refused(calls).getMessage();
    assertTrue(message.contains("names os.system"), message);
    assertTrue(message.contains("nothing is run"), message);
    // Never called, and made of two texts on the stack: refused all the same.
    byte[] stacked =
        new PickleWriter().text("builtins").text("eval").op(0x93).op('0').op('N').bytes();
    assertTrue(refused(stacked).getMessage().contains("builtins.eval"));
    byte[] made = new PickleWriter().op(')').op(')').op(0x81).bytes();
    assertTrue(refused(made).getMessage().contains("opcode 0x81"));
    byte[] instance = new PickleWriter().raw("(ios\nsystem\n").bytes();
    assertTrue(refused(instance).getMessage().contains("opcode 0x69"));
  }

  @Test
  void aStorageShorterThanItsTensorIsRefused() {
    for (Tensor tensor :
        List.of(
            Tensor.of("FloatStorage", "0", 5),
            new Tensor("FloatStorage", "0", 4, 1, new int[] {4}, new long[] {1}),
            new Tensor("FloatStorage", "0", 4, 0, new int[] {2, 2}, new long[] {3, 1}),
            new Tensor("FloatStorage", "0", 4, Long.MAX_VALUE, new int[] {1}, new long[] {1}),
            new Tensor("FloatStorage", "0", 4, 0, new int[] {2}, new long[] {Long.MAX_VALUE}),
            new Tensor("FloatStorage", "0", 4, 0, new int[] {2}, new long[] {-1}),
            new Tensor(
                "FloatStorage", "0", 4, 0, new int[] {1 << 30, 1 << 30, 16}, new long[] {0, 0, 0}),
            new Tensor("FloatStorage", "0", 4, 0, new int[] {1 << 30}, new long[] {0}),
            new Tensor("FloatStorage", "0", -1, 0, new int[] {0}, new long[] {1}),
            Tensor.of("FloatStorage", "../0", 4))) {
      refused(new PickleWriter().value(map("t", tensor)).bytes());
    }
  }
}
