package akin.cuda.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The files of kernels: each a CUDA source {@code name.cu} with its PTX {@code name.ptx} beside it,
 * as NVRTC 11.8 makes it for the oldest card that Akin serves.
 */
public enum KernelFile {
  /** y = f(x), affine maps; generated. */
  UNARY,
  /** dx = dy·f′(x), generated. */
  UNARY_GRAD,
  /** y = f(a, b), generated. */
  BINARY,
  /** g = dy·∂f, generated. */
  BINARY_GRAD,
  /** Sums, means, extremes along an axis. */
  REDUCE,
  /** Axes reordered, rows gathered and scattered. */
  ARRANGE,
  /** The k best of each row. */
  SELECT,
  /** Distances of all pairs of rows: all, or the nearest rows only. */
  DISTANCES,
  /** The gradient of the distances of all pairs. */
  DISTANCES_GRAD,
  /** What convolution needs beside cuDNN. */
  CONVOLUTION,
  /** Maxima and averages of windows. */
  POOL,
  /** Batch norm beside cuDNN. */
  BATCH_NORM,
  /** Layer norm. */
  LAYER_NORM,
  /** Lines made as long as 1. */
  UNIT_LINES,
  /** Steps of the optimisers. */
  UPDATE,
  /** Counter-based random numbers. */
  RANDOM,
  /** What a search found, sorted and merged. */
  SEARCH,
  /** The loss over all triplets. */
  TRIPLETS;

  /** The oldest architecture that the committed PTX runs on. */
  public static final String OLDEST = "compute_75";

  /** The file's name without ending. */
  public String stem() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The CUDA source. */
  public String source() {
    return text(stem() + ".cu");
  }

  /** The PTX. */
  public String ptx() {
    return text(stem() + ".ptx");
  }

  private static String text(String name) {
    try (InputStream file = KernelFile.class.getResourceAsStream("/akin/cuda/kernels/" + name)) {
      if (file == null) {
        throw new IllegalStateException("this build of Akin lacks the kernels " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
