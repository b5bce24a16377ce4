package akin.nn.io.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.WeightFit;
import akin.nn.io.ByteSource;
import akin.nn.io.Elements;
import akin.nn.io.Safetensors.Type;
import akin.nn.io.StoredArray;
import akin.nn.io.WeightFile;
import akin.nn.io.keras.Hdf5Writer.DataSet;
import akin.tensor.UserError;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDF5 files of Keras. */
class KerasWeightsTest {
  @TempDir Path folder;

  private WeightFile open(Map<String, DataSet> dataSets) throws IOException {
    return WeightFile.open(Files.write(folder.resolve("weights.h5"), Hdf5Writer.file(dataSets)));
  }

  private static float[] ramp(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = i - 1.5f;
    }
    return values;
  }

  @Test
  void dataSetsAreReadByTheirPaths() throws IOException {
    Map<String, DataSet> sets = new LinkedHashMap<>();
    for (int i = 0; i < 30; i++) { // more than one node of symbols holds
      sets.put("dense_%02d/dense_%02d/kernel:0".formatted(i, i), DataSet.of(ramp(6), 2, 3));
    }
    sets.put("count", DataSet.of(new long[] {Long.MIN_VALUE}));
    sets.put("big", new DataSet(new float[] {1.5f}, true, 1));
    try (WeightFile file = open(sets)) {
      assertEquals("Keras HDF5", file.format());
      Map<String, StateDict.Value> values = file.stateDict().values();
      assertEquals(32, values.size());
      assertEquals(Long.MIN_VALUE, values.get("count").whole());
      assertArrayEquals(new double[] {1.5}, values.get("big").doubles());
      StateDict.Value kernel = values.get("dense_29/dense_29/kernel:0");
      assertArrayEquals(new double[] {-1.5, -.5, .5, 1.5, 2.5, 3.5}, kernel.doubles());
      assertEquals("[2, 3]", kernel.shape().toString());
    }
    // Our writer's file is sound: jHDF's own reader sees the same.
    try (HdfFile file = new HdfFile(folder.resolve("weights.h5"))) {
      assertArrayEquals(
          ramp(6), (float[]) file.getDatasetByPath("dense_00/dense_00/kernel:0").getDataFlat());
    }
  }

  @Test
  void groupsOfTheNewerFormAreReadToo() {
    Path path = folder.resolve("new.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putGroup("layer").putDataset("kernel", new float[][] {{1, 2}, {3, 4}});
      file.putDataset("whole", new long[] {5});
    }
    try (WeightFile file = WeightFile.open(path)) {
      Map<String, StateDict.Value> values = file.stateDict().values();
      assertArrayEquals(new double[] {1, 2, 3, 4}, values.get("layer/kernel").doubles());
      assertEquals(5, values.get("whole").doubles()[0]);
    }
  }

  @Test
  void anOptimisersStateIsLeftAside() throws IOException {
    DataSet one = DataSet.of(ramp(1), 1);
    try (WeightFile file = open(Map.of("model_weights/a/b", one, "optimizer_weights/m", one))) {
      assertEquals("[a/b]", file.stateDict().values().keySet().toString());
      assertEquals(2, file.entries().size());
    }
    try (WeightFile file = open(Map.of("optimizer_weights/m", one))) {
      assertThrows(UserError.class, file::stateDict);
    }
  }

  @Test
  void aBlockOfResNetGivesWhatItGaveInKeras() throws IOException {
    // One channel, so that a convolution is a product: y = γ (k x + b − μ) / √(σ² + ε) + β.
    double x = 3;
    double[] p = {0.5, 0.25, 1.5, -0.75, 0.125, 0.0625}; // k b γ β μ σ²
    for (boolean old : new boolean[] {false, true}) {
      String conv = old ? "res3b_branch2b" : "conv3_block2_2_conv";
      String norm = old ? "bn3b_branch2b" : "conv3_block2_2_bn";
      String first = old ? "res2a_branch2a/res2a_branch2a_W:0" : "conv2_block1_1_conv/kernel:0";
      String[] names =
          old
              ? new String[] {
                "_W:0", "_b:0", "_gamma:0", "_beta:0", "_running_mean:0", "_running_std:0"
              }
              : new String[] {
                "kernel:0", "bias:0", "gamma:0", "beta:0", "moving_mean:0", "moving_variance:0"
              };
      Map<String, DataSet> sets = new LinkedHashMap<>();
      sets.put(first, DataSet.of(ramp(1), 1, 1, 1, 1));
      for (int i = 0; i < 6; i++) {
        String layer = i < 2 ? conv : norm;
        sets.put(
            layer + "/" + (old ? layer : layer + "/") + names[i],
            DataSet.of(
                new float[] {(float) p[i]}, i == 0 ? new int[] {1, 1, 1, 1} : new int[] {1}));
      }
      try (WeightFile file = open(sets)) {
        Map<String, StateDict.Value> w = file.stateDict().values();
        double eps = old ? 1e-3 : 1.001e-5;
        double keras = p[2] * (p[0] * x + p[1] - p[4]) / Math.sqrt(p[5] + eps) + p[3];
        double torch =
            one(w, "bn2.weight")
                    * (one(w, "conv2.weight") * x - one(w, "bn2.running_mean"))
                    / Math.sqrt(one(w, "bn2.running_var") + 1e-5)
                + one(w, "bn2.bias");
        // The variance is rounded to float once: half a unit of 2^-24 of it, halved by the root.
        assertEquals(keras, torch, Math.abs(keras) * 0x1p-24);
        assertEquals(6, w.size()); // the bias has gone into the mean
        assertTrue(file.notes().get(0).contains("stride-first=true"), file.notes().toString());
      }
    }
  }

  private static double one(Map<String, StateDict.Value> weights, String name) {
    return weights.get("layer2.1." + name).doubles()[0];
  }

  @Test
  void kernelsAreTurned() throws IOException {
    Map<String, DataSet> sets = new LinkedHashMap<>();
    sets.put("conv2_block1_1_conv/kernel:0", DataSet.of(ramp(24), 1, 2, 3, 4));
    sets.put("predictions/predictions/kernel:0", DataSet.of(ramp(6), 2, 3));
    sets.put("my_head/kernel:0", DataSet.of(ramp(2), 2, 1));
    try (WeightFile file = open(sets)) {
      Map<String, StateDict.Value> weights = file.stateDict().values();
      StateDict.Value kernel = weights.get("layer1.0.conv1.weight");
      assertEquals("[4, 3, 1, 2]", kernel.shape().toString());
      double[] turned = kernel.doubles();
      for (int o = 0; o < 4; o++) {
        for (int i = 0; i < 3; i++) {
          for (int w = 0; w < 2; w++) {
            assertEquals((w * 3 + i) * 4 + o - 1.5, turned[(o * 3 + i) * 2 + w]);
          }
        }
      }
      assertArrayEquals(
          new double[] {-1.5, 1.5, -.5, 2.5, .5, 3.5}, weights.get("fc.weight").doubles());
      assertArrayEquals(new double[] {-1.5, -.5}, weights.get("my_head/kernel:0").doubles());
    }
  }

  @Test
  void everyLayerOfResNet50FindsItsPlace() {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    layer(arrays, "conv1", 7, 3, 64);
    int[] blocks = {3, 4, 6, 3};
    int in = 64;
    for (int stage = 0; stage < 4; stage++) {
      int mid = 64 << stage;
      for (int block = 1; block <= blocks[stage]; block++) {
        String name = "conv" + (stage + 2) + "_block" + block;
        if (block == 1) {
          layer(arrays, name + "_0", 1, in, 4 * mid);
        }
        layer(arrays, name + "_1", 1, in, mid);
        layer(arrays, name + "_2", 3, mid, mid);
        layer(arrays, name + "_3", 1, mid, 4 * mid);
        in = 4 * mid;
      }
    }
    KerasResNet network = KerasResNet.of(Path.of("resnet50.h5"), arrays);
    assertTrue(KerasResNet.is(arrays));
    assertEquals("resnet50 stride-first=true", network.architecture().orElseThrow());
    WeightFit fit =
        WeightFit.of(
            network.stateDict(), Architecture.parse(network.architecture().get()), told -> {});
    assertTrue(fit.fits(), fit.toString());
    assertTrue(fit.withoutClassifier());
    assertEquals(53, fit.counters());
  }

  /** A convolution and its norm, all zeros. */
  private static void layer(
      Map<String, StoredArray> arrays, String name, int kernel, int in, int out) {
    add(arrays, name + "_conv/" + name + "_conv/kernel:0", kernel, kernel, in, out);
    add(arrays, name + "_conv/" + name + "_conv/bias:0", out);
    for (String weight : List.of("gamma", "beta", "moving_mean", "moving_variance")) {
      add(arrays, name + "_bn/" + name + "_bn/" + weight + ":0", out);
    }
  }

  private static void add(Map<String, StoredArray> arrays, String path, int... shape) {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    ByteSource zeros = (into, position) -> into.position(into.limit());
    Elements elements =
        new Elements(
            Path.of("resnet50.h5"), path, Type.F32, ByteOrder.LITTLE_ENDIAN, zeros, 0, count);
    arrays.put(path, StoredArray.rowMajor(path, elements, shape));
  }

  @Test
  void directoriesThatLeadInCirclesAreRefused() throws IOException {
    byte[] bytes = Hdf5Writer.file(Map.of("a/b", DataSet.of(ramp(1), 1)));
    // The root's one symbol names the root itself.
    ByteBuffer group = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    group.putLong(lastIndexOf(bytes, "SNOD") + 16, group.getLong(64));
    assertTrue(refused(group.array()).contains("16 deep"));
    // The root's tree is its own child, four times.
    ByteBuffer tree = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int at = lastIndexOf(bytes, "TREE");
    tree.put(at + 5, (byte) 1).putShort(at + 6, (short) 4);
    for (int child = 0; child < 4; child++) {
      tree.putLong(at + 32 + 16 * child, at);
    }
    assertTrue(refused(tree.array()).contains("larger than the file"));
    // The superblock says that the file is longer.
    ByteBuffer end = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    assertTrue(refused(end.putLong(40, bytes.length + 1).array()).contains("truncated"));
  }

  private String refused(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("hostile.h5"), bytes);
    return assertThrows(UserError.class, () -> WeightFile.open(file)).getMessage();
  }

  private static int lastIndexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
  }
}
