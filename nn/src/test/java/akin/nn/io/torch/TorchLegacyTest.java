package akin.nn.io.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akin.nn.StateDict;
import akin.nn.io.WeightFile;
import akin.nn.io.torch.PickleWriter.Tensor;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of PyTorch before 1.6. */
class TorchLegacyTest {
  @TempDir Path folder;

  private static Map<String, byte[]> storages() {
    Map<String, byte[]> storages = new LinkedHashMap<>();
    storages.put("9400", TorchArchiveTest.floats(1, 2, 3, 4));
    storages.put("9401", new byte[] {7, 8});
    return storages;
  }

  private WeightFile open(byte[] pickle, long firstCount) {
    return WeightFile.open(
        TorchFiles.legacy(
            folder.resolve("test.th"), pickle, storages(), Map.of("9400", firstCount, "9401", 2L)));
  }

  @Test
  void storagesFollowThePickles() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("bytes", Tensor.of("ByteStorage", "9401", 2));
    root.put("floats", Tensor.of("FloatStorage", "9400", 2, 2));
    try (WeightFile file = open(new PickleWriter().value(root).bytes(), 4)) {
      Map<String, StateDict.Value> values = file.stateDict().values();
      assertArrayEquals(new double[] {7, 8}, values.get("bytes").doubles());
      assertArrayEquals(new double[] {1, 2, 3, 4}, values.get("floats").doubles());
    }
    assertThrows(UserError.class, () -> open(new PickleWriter().value(root).bytes(), 3));
    assertThrows(
        UserError.class, () -> open(new PickleWriter().value(root).bytes(), Long.MIN_VALUE));
  }

  @Test
  void viewsOfStoragesAndTextsOfPython2AreRead() {
    // OrderedDict([['v', tensor]]); the storage is a view: elements 1, 2, 3 of four.
    PickleWriter pickle = new PickleWriter().global("collections", "OrderedDict");
    pickle.raw("(]]U\u0001va").global("torch._utils", "_rebuild_tensor").raw("((");
    pickle.text("storage").global("torch", "FloatStorage").raw("U\u00049400U\u0003cpuK\u0004");
    pickle.raw("(U\u0001kK\u0001K\u0003ttQ"); // the view, the persistent id
    pickle.raw("K\u0001K\u0002\u0085K\u0001\u0085tR"); // offset, shape, stride
    byte[] bytes = pickle.raw("aatR").bytes();
    Map<String, byte[]> one = Map.of("9400", TorchArchiveTest.floats(1, 2, 3, 4));
    Path path = TorchFiles.legacy(folder.resolve("view.th"), bytes, one, Map.of("9400", 4L));
    try (WeightFile file = WeightFile.open(path)) {
      assertArrayEquals(new double[] {3, 4}, file.stateDict().values().get("v").doubles());
    }
  }

  @Test
  void parametersOfPyTorchBefore04AreRead() {
    // {'w': Parameter(tensor)} with the state (requires_grad, volatile, hooks).
    PickleWriter pickle = new PickleWriter().raw("}").text("w");
    pickle.global("torch.nn.parameter", "Parameter").global("torch._utils", "_rebuild_tensor");
    pickle.raw("(").storage(Tensor.of("FloatStorage", "9400", 4));
    byte[] bytes =
        pickle.raw("K\0K\u0004\u0085K\u0001\u0085tR\u0085R\u0088\u0089N\u0087bs").bytes();
    Map<String, byte[]> one = Map.of("9400", TorchArchiveTest.floats(1, 2, 3, 4));
    Path path = TorchFiles.legacy(folder.resolve("old.pth"), bytes, one, Map.of("9400", 4L));
    try (WeightFile file = WeightFile.open(path)) {
      assertArrayEquals(new double[] {1, 2, 3, 4}, file.stateDict().values().get("w").doubles());
    }
  }
}
