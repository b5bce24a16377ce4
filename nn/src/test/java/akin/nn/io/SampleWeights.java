package akin.nn.io;

import akin.nn.io.keras.Hdf5Writer;
import akin.nn.io.onnx.OnnxFiles;
import akin.nn.io.torch.PickleWriter;
import akin.nn.io.torch.PickleWriter.Tensor;
import akin.nn.io.torch.TorchFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A small valid file of each format: a network of two tensors, and what is kept beside it. */
enum SampleWeights {
  SAFETENSORS {
    @Override
    void write(Path file) {
      Safetensors.write(
          file,
          Map.of(
              "weight", Safetensors.Array.of(WEIGHT, 2, 3),
              "bias", Safetensors.Array.of(new long[] {1, 2}, 2)),
          Map.of("epoch", "3"));
    }
  },
  TORCH_ZIP {
    @Override
    void write(Path file) {
      TorchFiles.zip(file, checkpoint(), storages());
    }
  },
  TORCH_LEGACY {
    @Override
    void write(Path file) {
      TorchFiles.legacy(file, checkpoint(), storages(), Map.of("0", 6L, "1", 2L));
    }
  },
  NPZ {
    @Override
    void write(Path file) {
      Npz.write(
          file,
          Map.of(
              "weight", Safetensors.Array.of(WEIGHT, 2, 3),
              "bias", Safetensors.Array.of(new long[] {1, 2}, 2)));
    }
  },
  NPZ_COMPRESSED {
    @Override
    void write(Path file) throws IOException {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.putNextEntry(new ZipEntry("weight.npy"));
        zip.write(
            NumpyWeightsTest.npy(
                2, "{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }", new byte[12]));
      }
    }
  },
  ONNX {
    @Override
    void write(Path file) throws IOException {
      byte[] weight = storages().get("0");
      Files.write(
          file,
          OnnxFiles.model(
              OnnxFiles.tensor(
                  "weight", 1, new long[] {2, 3}, out -> out.writeByteArray(9, weight)),
              OnnxFiles.tensor(
                  "axes", 7, new long[] {1}, out -> out.writeByteArray(7, new byte[] {5}))));
    }
  },
  KERAS {
    @Override
    void write(Path file) throws IOException {
      Map<String, Hdf5Writer.DataSet> sets = new LinkedHashMap<>();
      sets.put("conv1_bn/conv1_bn/gamma:0", Hdf5Writer.DataSet.of(WEIGHT, 6));
      sets.put("conv1_bn/conv1_bn/beta:0", Hdf5Writer.DataSet.of(WEIGHT, 6));
      sets.put("count", Hdf5Writer.DataSet.of(new long[] {7}));
      Files.write(file, Hdf5Writer.file(sets));
    }
  };

  static final float[] WEIGHT = {1, -2, 0.5f, Float.NaN, 1e30f, -0f};

  /** Writes the sample. */
  abstract void write(Path file) throws IOException;

  /** The sample's bytes. */
  byte[] bytes(Path folder) throws IOException {
    Path file = folder.resolve("sample");
    write(file);
    return Files.readAllBytes(file);
  }

  private static byte[] checkpoint() {
    Map<String, Object> network = new LinkedHashMap<>();
    network.put(
        "module.weight",
        new Tensor("FloatStorage", "0", 6, 0, new int[] {2, 3}, new long[] {1, 2}));
    network.put("module.bias", Tensor.of("LongStorage", "1", 2));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("epoch", 3L);
    root.put("best", 0.75);
    root.put("state_dict", network);
    root.put("history", List.of(1L, true, "text"));
    return new PickleWriter().value(root).bytes();
  }

  private static Map<String, byte[]> storages() {
    Map<String, byte[]> storages = new LinkedHashMap<>();
    ByteBuffer weight = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    weight.asFloatBuffer().put(WEIGHT);
    storages.put("0", weight.array());
    storages.put(
        "1", ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).put(0, (byte) 5).array());
    return storages;
  }
}
