package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.sim.SimDevice;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.UserError;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend.Norm;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is cut where 32-bit indices end gives what the whole gives: tried with a nearer end. */
class ChunksTest {
  private final SimDevice device = SimDevice.observed(1 << 24, null);
  private final DevicePool pool = new DevicePool(device, 1 << 24);
  private final Launcher launcher = new Launcher(device, pool);
  private long drawn;

  @AfterEach
  void close() {
    pool.clear();
    device.close();
  }

  private CudaBuffer random(long n) {
    float[] values = new float[(int) n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) RandomStream.of(1, "chunks").uniform(drawn++) - 0.5f;
    }
    CudaBuffer buffer = pool.allocate(n);
    launcher.upload(values, 0, values.length, buffer.address);
    return buffer;
  }

  private float[] values(CudaBuffer buffer) {
    float[] values = new float[(int) buffer.length];
    launcher.download(buffer.address, values, 0, values.length);
    return values;
  }

  @Test
  void visitsAllRowsInOrder() {
    List<String> met = new ArrayList<>();
    new Chunks(10).each(7, 3, (first, count) -> met.add(first + "+" + count));
    assertEquals(List.of("0+3", "3+3", "6+1"), met);
  }

  @Test
  void refusesRowsThatCannotBeCut() {
    UserError e = assertThrows(UserError.class, () -> new Chunks(10).rows(11));
    assertTrue(e.getMessage().contains("11 elements"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void convolvesPicturesByPicturesOnly(int groups) {
    Window uneven = new Window(1, 1, 0, 1, 1, 2, 1, 1);
    ConvShape s = ConvShape.of(Shape.of(5, 4, 6, 7), Shape.of(8, 4 / groups, 3, 3), uneven, groups);
    CudaBuffer x = random(s.input().count());
    CudaBuffer w = random(s.kernel().count());
    CudaBuffer bias = random(s.o());
    CudaBuffer residual = random(s.output().count());
    CudaBuffer dy = random(s.output().count());
    List<float[]> whole = convolve(Chunks.OF_32_BITS, s, x, w, bias, residual, dy);
    List<float[]> cut = convolve(new Chunks(750), s, x, w, bias, residual, dy);
    assertArrayEquals(whole.get(0), cut.get(0));
    assertArrayEquals(whole.get(1), cut.get(1));
    // sums of 5·5·8 terms below 1/4, cut into three: each way rounds each term at most once
    assertArrayEquals(whole.get(2), cut.get(2), 2 * 200 * 200 * 0.25f * 0x1p-24f);
  }

  private List<float[]> convolve(
      Chunks chunks,
      ConvShape s,
      CudaBuffer x,
      CudaBuffer w,
      CudaBuffer bias,
      CudaBuffer residual,
      CudaBuffer dy) {
    Convolutions convolutions = new Convolutions(launcher, chunks);
    CudaBuffer y = pool.allocate(s.output().count());
    CudaBuffer dx = pool.allocate(s.input().count());
    CudaBuffer dw = pool.allocate(s.kernel().count());
    convolutions.conv2d(s, x, w, bias, residual, Activation.RELU6, y);
    convolutions.conv2dGradInput(s, dy, w, dx);
    convolutions.conv2dGradWeight(s, x, dy, dw);
    return List.of(values(y), values(dx), values(dw));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void softensRowsByRows(boolean log) {
    CudaBuffer x = random(7 * 5 * 3);
    CudaBuffer dy = random(7 * 5 * 3);
    List<float[]> whole = soften(Chunks.OF_32_BITS, log, x, dy);
    List<float[]> cut = soften(new Chunks(40), log, x, dy);
    assertArrayEquals(whole.get(0), cut.get(0));
    assertArrayEquals(whole.get(1), cut.get(1));
  }

  private List<float[]> soften(Chunks chunks, boolean log, CudaBuffer x, CudaBuffer dy) {
    Softmaxes softmaxes = new Softmaxes(launcher, chunks);
    CudaBuffer y = pool.allocate(x.length);
    CudaBuffer dx = pool.allocate(x.length);
    softmaxes.softmax(log, x, y, 7, 5, 3);
    softmaxes.softmaxGrad(log, y, dy, dx, 7, 5, 3);
    return List.of(values(y), values(dx));
  }

  @Test
  void normalisesRowsByRows() {
    Norm s = new Norm(6, 3, 5, 1e-5, 0.1, true, 2, Activation.RELU);
    CudaBuffer x = random(6 * 3 * 5);
    CudaBuffer dy = random(6 * 3 * 5);
    CudaBuffer gamma = random(3);
    CudaBuffer beta = random(3);
    List<float[]> whole = normalise(Chunks.OF_32_BITS, s, x, gamma, beta, dy);
    List<float[]> cut = normalise(new Chunks(20), s, x, gamma, beta, dy);
    assertArrayEquals(whole.get(0), cut.get(0));
    assertArrayEquals(whole.get(1), cut.get(1));
  }

  private List<float[]> normalise(
      Chunks chunks, Norm s, CudaBuffer x, CudaBuffer gamma, CudaBuffer beta, CudaBuffer dy) {
    BatchNorms norms = new BatchNorms(launcher, chunks);
    CudaBuffer y = pool.allocate(x.length);
    CudaBuffer dx = pool.allocate(x.length);
    CudaBuffer mean = pool.allocate(6);
    CudaBuffer invStd = pool.allocate(6);
    norms.batchNorm(x, gamma, beta, random(3), random(3), y, mean, invStd, s);
    norms.batchNormGrad(
        x, gamma, beta, mean, invStd, dy, dx, pool.allocate(3), pool.allocate(3), s);
    return List.of(values(y), values(dx));
  }
}
