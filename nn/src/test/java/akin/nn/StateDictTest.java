package akin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictTest {
  @TempDir private Path folder;

  private static Layer net() {
    return new Sequential(new Linear(3, 4), new BatchNorm(4), new Linear(4, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void aFileCarriesEveryBit(String device) {
    try (Backend backend = Backends.open(device, 1);
        Scope scope = Scope.open(backend);
        Layer from = net();
        Layer to = net()) {
      from.initialise(scope.backend(), 1);
      to.initialise(scope.backend(), 2);
      Tensor x = Tensor.of(Shape.of(2, 3), 1, 2, 3, 5, 8, 13);
      from.apply(x); // running statistics move
      Path file = folder.resolve("net.safetensors");
      Safetensors.write(file, StateDict.of(from).arrays("net."), Map.of());
      try (Safetensors read = Safetensors.open(file)) {
        StateDict.of(read, "net.").into(to, file.toString());
      }
      StateDict a = StateDict.of(from);
      StateDict b = StateDict.of(to);
      assertEquals(a.values().keySet(), b.values().keySet());
      a.values()
          .forEach((name, v) -> assertArrayEquals(v.doubles(), b.values().get(name).doubles()));
      assertEquals(1, b.values().get("1.num_batches_tracked").whole());
      from.eval();
      to.eval();
      assertArrayEquals(from.apply(x).toDoubles(), to.apply(x).toDoubles());
    }
  }

  @Test
  void aMismatchIsToldAsPyTorchDoesAndChangesNothing() {
    try (Backend backend = Backends.open("reference", 1);
        Layer net = net()) {
      net.initialise(backend, 1);
      StateDict state = new StateDict();
      StateDict.of(net)
          .values()
          .forEach((name, value) -> state.put(name.replace("2.weight", "2.wieght"), value));
      state.put("0.bias", StateDict.Value.of(Shape.of(5), new double[5]));
      state.put("1.weight", StateDict.Value.of(Shape.of(4), new double[4]));
      double[] before = net.parameters().get(2).tensor().toDoubles();
      UserError e = assertThrows(UserError.class, () -> state.into(net, "net.safetensors"));
      for (String part :
          Arrays.asList(
              "net.safetensors: the state dict does not fit Sequential",
              "missing key(s): \"2.weight\" (near: \"2.wieght\")",
              "unexpected key(s): \"2.wieght\" (near: \"2.weight\")",
              "size mismatch for 0.bias: [5] in the state dict, [4] in the network")) {
        assertTrue(e.getMessage().contains(part), e.getMessage());
      }
      assertArrayEquals(before, net.parameters().get(2).tensor().toDoubles(), "1.weight stays");
    }
  }

  @Test
  void manyNamesAreCountedNotListed() {
    try (Backend backend = Backends.open("reference", 1);
        Layer net = net()) {
      net.initialise(backend, 1);
      StateDict other = new StateDict();
      for (int i = 0; i < 40; i++) {
        other.put("features." + i + ".very.different", StateDict.Value.of(i));
      }
      UserError e = assertThrows(UserError.class, () -> other.into(net, "other"));
      assertTrue(e.getMessage().contains("and 28 more"), e.getMessage());
    }
  }

  @Test
  void manySizesAreCountedNotListed() {
    Layer[] many = new Layer[8];
    Arrays.setAll(many, i -> new Linear(2, 2));
    try (Backend backend = Backends.open("reference", 1);
        Layer net = new Sequential(many)) {
      net.initialise(backend, 1);
      StateDict other = new StateDict();
      StateDict.shapes(net).keySet().forEach(name -> other.put(name, StateDict.Value.of(1)));
      UserError e = assertThrows(UserError.class, () -> other.into(net, "other"));
      assertEquals(12, e.getMessage().split("size mismatch for", -1).length - 1, e.getMessage());
      assertTrue(e.getMessage().contains("and 4 more of other sizes"), e.getMessage());
    }
  }
}
