package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.DeviceException;
import akin.cuda.device.Dnn.Conv;
import akin.cuda.sim.memory.GlobalMemory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cuDNN refuses, and what the backend's contract does not ask of it. */
class PlainDnnTest {
  private static final Conv SMALL = new Conv(1, 2, 3, 3, 2, 2, 2, 0, 0, 1, 1, 1, 1, 1);

  private final GlobalMemory memory = new GlobalMemory(1 << 20, true);
  private final PlainDnn dnn = new PlainDnn(memory);

  private long put(double... numbers) {
    long address = memory.allocate(Float.BYTES * numbers.length);
    new PlainMemory(memory, "test").write("numbers", address, numbers);
    return address;
  }

  private double[] get(long address, int count) {
    return new PlainMemory(memory, "test").read("numbers", address, count);
  }

  private static String refusal(Runnable call) {
    DeviceException e = assertThrows(DeviceException.class, call::run);
    assertEquals(DeviceException.Kind.REFUSED, e.kind());
    return e.getMessage();
  }

  /** A descriptor that differs from {@link #SMALL} in some places, and what is said of it. */
  private record Wrong(String refusal, int... change) {
    Conv conv() {
      int[] s = {1, 2, 3, 3, 2, 2, 2, 0, 0, 1, 1, 1, 1, 1};
      for (int i = 0; i < change.length; i += 2) {
        s[change[i]] = change[i + 1];
      }
      return new Conv(
          s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12], s[13]);
    }
  }

  private static Stream<Wrong> wrong() {
    return Stream.of(
        new Wrong("sizes of x ≥ 1", 0, 0),
        new Wrong("sizes of w ≥ 1", 4, 0),
        new Wrong("sizes of y ≥ 1", 5, 4),
        new Wrong("padding ≥ 0", 7, -1),
        new Wrong("stride ≥ 1", 9, 0),
        new Wrong("dilation ≥ 1", 11, 0),
        new Wrong("group count", 13, 0),
        new Wrong("group count", 4, 3, 13, 2),
        new Wrong("x of less than 2³¹ elements", 2, 1 << 30));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesDescriptors(Wrong wrong) {
    long x = put(new double[18]);
    long w = put(new double[16]);
    long y = put(new double[8]);
    Conv s = wrong.conv();
    for (String message :
        new String[] {
          refusal(() -> dnn.convolution(s, x, w, y)),
          refusal(() -> dnn.convolutionBias(s, x, w, y, 0, y)),
          refusal(() -> dnn.convolutionGradInput(s, y, w, x)),
          refusal(() -> dnn.convolutionGradWeight(s, x, y, w))
        }) {
      assertTrue(message.contains(wrong.refusal), message);
    }
  }

  @Test
  void refusesPointers() {
    long x = put(new double[18]);
    long w = put(new double[16]);
    long y = put(new double[8]);
    long tooShort = put(new double[7]);
    long unwritten = memory.allocate(18 * Float.BYTES);
    assertTrue(refusal(() -> dnn.convolution(SMALL, 0, w, y)).contains("x is a null pointer"));
    assertTrue(refusal(() -> dnn.convolution(SMALL, x, w, 0)).contains("y is a null pointer"));
    assertTrue(refusal(() -> dnn.convolution(SMALL, x, w, tooShort)).contains("y: 32 bytes"));
    assertTrue(refusal(() -> dnn.convolution(SMALL, unwritten, w, y)).contains("nothing wrote"));
    assertTrue(refusal(() -> dnn.convolution(SMALL, x, w, x)).contains("apart from the inputs"));
    assertTrue(
        refusal(() -> dnn.convolutionBias(SMALL, x, w, 0, 0, y))
            .contains("bias is a null pointer"));
    memory.free(w);
    assertTrue(refusal(() -> dnn.convolution(SMALL, x, w, y)).contains("freed"));
  }

  @Test
  void biasLetsNanThrough() {
    Conv one = new Conv(1, 1, 1, 3, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1);
    long x = put(-2, Double.NaN, 3);
    long y = memory.allocate(3 * Float.BYTES);
    dnn.convolutionBias(one, x, put(1), put(0.5), 0, y);
    assertArrayEquals(new double[] {-1.5, Double.NaN, 3.5}, get(y, 3));
  }

  @Test
  void refusesSoftmaxOfNothing() {
    long x = put(1, 2);
    assertTrue(refusal(() -> dnn.softmax(false, x, x, 0, 2, 1)).contains("sizes of x ≥ 1"));
    assertTrue(refusal(() -> dnn.softmaxGrad(true, x, x, x, 1, 2, 0)).contains("sizes of y ≥ 1"));
    assertTrue(refusal(() -> dnn.softmax(false, x, x, 1, 3, 1)).contains("x: 12 bytes"));
  }
}
