package akin.nn.io;

import akin.nn.StateDict;
import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Named arrays of a weight file, whatever its format. Nothing in the file is run, and opening reads
 * only what tells where the arrays lie; each is read when it is asked for.
 *
 * <pre>{@code
 * try (WeightFile weights = WeightFile.open(Path.of("resnet50.pth"))) {
 *   weights.stateDict().into(network, weights.file().toString());
 * }
 * }</pre>
 */
public interface WeightFile extends AutoCloseable {
  /**
   * Opens a file by its content; its name does not matter.
   *
   * @throws UserError if it is of no known format (then the message tells what it looks like), or
   *     damaged, or holds what only running it could read
   */
  static WeightFile open(Path file) {
    return WeightFormat.open(file);
  }

  /** The file's path. */
  Path file();

  /** The format, such as "safetensors" or "PyTorch checkpoint (zip)". */
  String format();

  /**
   * All arrays by their full names, in the file's order; names of nested dictionaries are joined by
   * dots, as in {@code state_dict.conv1.weight}. Not to be changed.
   */
  Map<String, Entry> entries();

  /**
   * Texts and numbers beside the arrays: safetensors' metadata, scalars of a checkpoint such as
   * {@code epoch}. Not to be changed; may be empty.
   */
  Map<String, String> metadata();

  /** What a user of these weights must know and the arrays cannot tell, as whole sentences. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * The network's weights. If they lie in a nested dictionary ({@code state_dict}, {@code model} …)
   * beside an optimiser's state, that one is taken; what wraps all names alike ({@code module.}) is
   * left away.
   *
   * @throws UserError if the file holds only an optimiser's state, or several networks (the message
   *     names them)
   */
  default StateDict stateDict() {
    return Networks.in(this).only();
  }

  /**
   * The weights whose names begin with {@code prefix} and a dot, without it.
   *
   * @throws UserError if there are none
   */
  default StateDict stateDict(String prefix) {
    return Networks.in(this).at(prefix);
  }

  /** Lets go of the file; arrays can no longer be read. */
  @Override
  void close();

  /** One array of an open file. */
  interface Entry {
    /** Its full name. */
    String name();

    /** How its elements are stored. */
    Type type();

    /** Its shape; of length 0 for a scalar. */
    int[] shape();

    /**
     * The dictionary it lies in, joined by dots: {@code state_dict} for {@code
     * state_dict.conv1.weight}; empty if it lies in the outermost.
     */
    default String nest() {
      return "";
    }

    /** The bytes of its elements. */
    default long bytes() {
      long bytes = type().bytes();
      for (int size : shape()) {
        bytes *= size;
      }
      return bytes;
    }

    /** Its elements, row-major, read from the file now. F64 stays double, whole numbers whole. */
    StateDict.Value value();
  }
}
