package akin.tests;

import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies between host and card, which the stand-ins do as late as they may. */
final class StandInCopies {
  private static final String FAIL = "AKIN_STANDIN_FAIL";
  private static final String NO_WAITING = "cuEventSynchronize:1:999,cuStreamSynchronize:1:999";

  /** Numbers of a piece of pinned memory, 2 MiB. */
  private static final int PIECE = 1 << 19;

  private StandInCopies() {}

  /** Whether five hundred small uploads wait for the card, and whether all arrive. */
  static String small() {
    int[] lengths = new int[500];
    Arrays.setAll(lengths, i -> 1 + i % 97);
    return arrived(NO_WAITING, lengths);
  }

  /** Whether uploads arrive that fill all pieces several times, some in parts, some exactly. */
  static String large() {
    int[] lengths = {3, PIECE, PIECE - 1, 2 * PIECE + 1, 0, PIECE / 2, PIECE / 2, PIECE / 3};
    int[] twice = Arrays.copyOf(lengths, 2 * lengths.length);
    System.arraycopy(lengths, 0, twice, lengths.length, lengths.length);
    return arrived("", twice);
  }

  private static String arrived(String failures, int... lengths) {
    try (Backend cuda = Backends.open("cuda", 1)) {
      List<Buffer> buffers = new ArrayList<>();
      for (int length : lengths) {
        buffers.add(cuda.allocate(length));
      }
      StandInCard.configure(FAIL, failures);
      for (int i = 0; i < lengths.length; i++) {
        cuda.upload(numbers(i, lengths[i]), buffers.get(i));
      }
      StandInCard.configure(FAIL, "");
      int right = 0;
      for (int i = 0; i < lengths.length; i++) {
        float[] there = new float[lengths[i]];
        cuda.download(buffers.get(i), there);
        right += Arrays.equals(numbers(i, lengths[i]), there) ? 1 : 0;
        cuda.release(buffers.get(i));
      }
      return right + " of " + lengths.length + " arrived";
    }
  }

  private static float[] numbers(int seed, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = seed + i;
    }
    return numbers;
  }

  /** What the host has of a download of two pieces when the second cannot be queued. */
  static String overlapped() {
    try (Backend cuda = Backends.open("cuda", 1)) {
      Buffer x = cuda.allocate(2 * PIECE);
      cuda.fill(x, 1);
      float[] y = new float[2 * PIECE];
      StandInCard.configure(FAIL, "cuMemcpyDtoHAsync:2:1");
      try {
        cuda.download(x, y);
        return "all";
      } catch (UserError e) {
        return y[0] == 0 ? "nothing" : "the first";
      } finally {
        StandInCard.configure(FAIL, "");
        cuda.release(x);
      }
    }
  }
}
