package akin.app;

import akin.nn.StateDict;
import akin.nn.io.WeightFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which weights of which file. */
final class WeightsOptions {
  @Parameters(
      paramLabel = "FILE",
      description =
          "The weights: safetensors, a PyTorch checkpoint, NumPy's npz or npy, Keras' h5 or ONNX;"
              + " known by its content.")
  private Path file;

  @Option(
      names = "--prefix",
      paramLabel = "NAME",
      description =
          "The network's place in the file, where there are several, such as model_ema or"
              + " state_dict.encoder.")
  private String prefix;

  /** The file. */
  Path file() {
    return file;
  }

  /** The network's weights. */
  StateDict stateDict(WeightFile weights) {
    return prefix == null ? weights.stateDict() : weights.stateDict(prefix);
  }
}
