package akin.nn.io.keras;

import akin.nn.StateDict;
import akin.nn.io.ByteSource;
import akin.nn.io.Growth;
import akin.nn.io.StoredArray;
import akin.nn.io.WeightFile;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights that Keras saved as HDF5. Its ResNets come as torchvision's, since their layers have
 * names that tell their places; arrays of all other networks come as they are.
 */
public final class KerasWeights implements WeightFile {
  /** The first bytes of an HDF5 file, as ISO 8859-1. */
  public static final String BEGIN = "\u0089HDF\r\n\u001a\n";

  private static final String MODEL = "model_weights/";
  private static final String OPTIMIZER = "optimizer_weights/";

  private final Path file;
  private final Map<String, StoredArray> entries;
  private final Runnable closing;
  private final Map<String, StoredArray> network = new LinkedHashMap<>();
  private final KerasResNet resNet;

  private KerasWeights(Path file, Map<String, StoredArray> entries, Runnable closing) {
    this.file = file;
    this.entries = entries;
    this.closing = closing;
    entries.forEach(
        (path, array) -> {
          if (!path.startsWith(OPTIMIZER)) {
            network.put(path.startsWith(MODEL) ? path.substring(MODEL.length()) : path, array);
          }
        });
    resNet = KerasResNet.is(network) ? KerasResNet.of(file, network) : null;
  }

  /**
   * Finds the arrays; their elements are read when asked for.
   *
   * @param source the file's bytes
   * @param size how many they are
   * @param closing what to do when the result is closed
   * @throws UserError if the file is damaged, or holds what is no array of plain numbers
   */
  public static WeightFile open(Path file, ByteSource source, long size, Runnable closing) {
    Map<String, StoredArray> arrays = Hdf5Directory.read(file, source, size);
    Growth.of(file, size).check(arrays.values());
    return new KerasWeights(file, arrays, closing);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String format() {
    return "Keras HDF5";
  }

  @Override
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, String> metadata() {
    return architecture().map(line -> Map.of("akin.backbone", line)).orElse(Map.of());
  }

  private Optional<String> architecture() {
    return Optional.ofNullable(resNet).flatMap(KerasResNet::architecture);
  }

  @Override
  public List<String> notes() {
    return resNet == null
        ? List.of()
        : List.of(
            "Keras' ResNet strides in the first convolution of a block, torchvision's in the"
                + " second: its backbone is \""
                + architecture().orElse("resnet… stride-first=true")
                + "\".",
            "Its pictures are prepared otherwise than torchvision's, too: --preprocessing caffe.");
  }

  @Override
  public StateDict stateDict() {
    if (resNet != null) {
      return resNet.stateDict();
    }
    if (network.isEmpty()) {
      throw UserError.of("the file holds no network's weights")
          .at(file)
          .rule(entries.size() + " arrays, all of an optimiser's state")
          .mend("give the file with the model's weights");
    }
    StateDict dict = new StateDict();
    network.forEach((path, array) -> dict.put(path, array.value()));
    return dict;
  }

  @Override
  public void close() {
    closing.run();
  }
}
