package akin.tests;

import akin.tensor.Shape;
import akin.tensor.UserError;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions for which cuDNN does not support what it advised, or not in the memory that there
 * is. All numbers are small whole ones, so that sums are exact in any order.
 */
final class StandInConvolutions {
  private static final String FAIL = "AKIN_STANDIN_FAIL";
  private static final String MEMORY = "AKIN_STANDIN_MEMORY";
  private static final String FUSED_FAILS = "cudnnConvolutionBiasActivationForward:0:8";

  /** Wide enough for Winograd's algorithm. */
  private static final ConvShape WIDE = shape(64, 4, 64, 3, Window.of(1, 1));

  /** The table of cuDNN's algorithm for biases takes 8 bytes for each of 147,456 products. */
  private static final ConvShape DEEP = shape(1024, 12, 1, 12, Window.plain());

  private StandInConvolutions() {}

  private static ConvShape shape(int c, int side, int o, int kernel, Window window) {
    return ConvShape.of(Shape.of(1, c, side, side), Shape.of(o, c, kernel, kernel), window, 1);
  }

  /** What is called, by cuDNN's name for it. */
  enum Call {
    FORWARD("cudnnConvolutionForward"),
    BIAS("cudnnConvolutionBiasActivationForward"),
    GRAD_INPUT("cudnnConvolutionBackwardData"),
    GRAD_WEIGHT("cudnnConvolutionBackwardFilter");

    private final String name;

    Call(String name) {
      this.name = name;
    }

    float[] on(Backend cuda, ConvShape s) {
      List<Buffer> used = new ArrayList<>();
      Buffer x = whole(cuda, s.input().count(), used);
      Buffer w = whole(cuda, s.kernel().count(), used);
      Buffer y = whole(cuda, s.output().count(), used);
      Buffer residual = whole(cuda, s.output().count(), used);
      Buffer bias = whole(cuda, s.o(), used);
      Buffer result = y;
      try {
        switch (this) {
          case FORWARD -> cuda.conv2d(s, x, w, null, null, Activation.IDENTITY, y);
          case BIAS -> cuda.conv2d(s, x, w, bias, residual, Activation.IDENTITY, y);
          case GRAD_INPUT -> {
            cuda.conv2dGradInput(s, y, w, x);
            result = x;
          }
          case GRAD_WEIGHT -> {
            cuda.conv2dGradWeight(s, x, y, w);
            result = w;
          }
        }
        float[] values = new float[(int) result.length()];
        cuda.download(result, values);
        return values;
      } finally {
        used.forEach(cuda::release);
      }
    }

    private static Buffer whole(Backend cuda, long count, List<Buffer> used) {
      float[] values = new float[(int) count];
      for (int i = 0; i < values.length; i++) {
        values[i] = (i * 7 + used.size()) % 5 - 2;
      }
      Buffer buffer = cuda.allocate(count);
      used.add(buffer);
      cuda.upload(values, buffer);
      return buffer;
    }
  }

  /**
   * Lets cuDNN refuse the algorithm that it is called with, each time once: how many calls gave the
   * right numbers all the same, and what is told at last.
   */
  static String refused(Call call) {
    try (Backend cuda = Backends.open("cuda", 1)) {
      float[] right = right(call, WIDE);
      int calls = 0;
      try {
        do {
          StandInCard.configure(FAIL, call.name + ":1:9");
        } while (Arrays.equals(right, call.on(cuda, WIDE)) && ++calls < 9);
        return calls + " right, then no message";
      } catch (UserError e) {
        return calls + " right, then " + e.what();
      } finally {
        StandInCard.configure(FAIL, "");
      }
    }
  }

  /** Whether a bias is added where cuDNN cannot do so, and is not asked a second time. */
  static String biased() {
    float[] wide = right(Call.BIAS, WIDE);
    float[] deep = right(Call.BIAS, DEEP);
    boolean refused = true;
    try (Backend cuda = Backends.open("cuda", 1)) {
      for (String plan : new String[] {Call.BIAS.name + ":1:9", FUSED_FAILS}) {
        StandInCard.configure(FAIL, plan);
        refused &= Arrays.equals(wide, Call.BIAS.on(cuda, WIDE));
      }
    }
    StandInCard.configure(FAIL, "cudnnGetConvolutionForwardWorkspaceSize:1:9," + FUSED_FAILS);
    boolean unsupported = Arrays.equals(wide, right(Call.BIAS, WIDE));
    StandInCard.configure(MEMORY, Integer.toString(4 << 20)); // of which 1 MiB for a workspace
    StandInCard.configure(FAIL, FUSED_FAILS);
    boolean large = Arrays.equals(deep, right(Call.BIAS, DEEP));
    StandInCard.configure(MEMORY, "");
    StandInCard.configure(FAIL, "");
    return "refused: " + refused + ", unsupported: " + unsupported + ", too large: " + large;
  }

  /** On a card of its own. */
  private static float[] right(Call call, ConvShape s) {
    try (Backend cuda = Backends.open("cuda", 1)) {
      return call.on(cuda, s);
    }
  }
}
