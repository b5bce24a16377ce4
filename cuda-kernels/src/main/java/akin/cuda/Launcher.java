package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Blas;
import akin.cuda.device.Device;
import akin.cuda.device.DeviceException;
import akin.cuda.device.Dnn;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.function.Supplier;

/** What the classes of this room share: the device, its memory, and how kernels are launched. */
final class Launcher {
  /** Threads of a block where a kernel does not say otherwise. */
  static final int BLOCK = 256;

  /** More blocks bring nothing to a loop over a grid: 32 for each of the largest cards' parts. */
  private static final long MOST_BLOCKS = 132 * 32;

  final Device device;
  final DevicePool pool;
  private Dnn dnn;

  Launcher(Device device, DevicePool pool) {
    this.device = device;
    this.pool = pool;
  }

  /** cuDNN, made at the first call: not every program has a network. */
  Dnn dnn() {
    if (dnn == null) {
      dnn = made(() -> device.dnn(pool));
    }
    return dnn;
  }

  /** cuBLAS, made at the first call, too. */
  Blas blas() {
    return made(device::blas);
  }

  void launch(KernelFile file, String kernel, Grid grid, Args args) {
    device.launch(made(() -> device.kernel(file, kernel)), grid, args);
  }

  /** What takes memory beside the pool when it is first made: if need be, what waits there. */
  private <T> T made(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (DeviceException e) {
      if (e.kind() != DeviceException.Kind.OUT_OF_MEMORY) {
        throw e;
      }
    }
    pool.clear();
    try {
      return maker.get();
    } catch (DeviceException e) {
      throw e.kind() == DeviceException.Kind.OUT_OF_MEMORY ? pool.full(e) : e;
    }
  }

  /**
   * Launches a kernel whose threads stride over {@code count} elements with the grid; the number of
   * blocks goes by the count alone, so that sums would not change with the card.
   */
  void loop(KernelFile file, String kernel, long count, Args args) {
    if (count > 0) {
      long blocks = Math.min((count + BLOCK - 1) / BLOCK, MOST_BLOCKS);
      launch(file, kernel, Grid.of((int) blocks, BLOCK), args);
    }
  }

  /** Whole numbers on the device, for the time of a method. */
  DevicePool.Scratch upload(int[] values) {
    long bytes = (long) Integer.BYTES * values.length;
    DevicePool.Scratch place = pool.scratch(bytes);
    device.upload(
        place.address(),
        bytes,
        (done, host) -> {
          IntBuffer part = host.asIntBuffer();
          part.put(values, (int) (done / Integer.BYTES), part.remaining());
        });
    return place;
  }

  /** Addresses and counts on the device, for the time of a method. */
  DevicePool.Scratch upload(long[] values) {
    long bytes = (long) Long.BYTES * values.length;
    DevicePool.Scratch place = pool.scratch(bytes);
    device.upload(
        place.address(),
        bytes,
        (done, host) -> {
          LongBuffer part = host.asLongBuffer();
          part.put(values, (int) (done / Long.BYTES), part.remaining());
        });
    return place;
  }

  /** Fills whole numbers from the device; waits. */
  void download(long from, int[] values) {
    device.download(
        from,
        (long) Integer.BYTES * values.length,
        (done, host) -> {
          IntBuffer part = host.asIntBuffer();
          part.get(values, (int) (done / Integer.BYTES), part.remaining());
        });
  }

  void upload(float[] values, int start, int length, long to) {
    device.upload(
        to,
        (long) Float.BYTES * length,
        (done, host) -> {
          FloatBuffer part = host.asFloatBuffer();
          part.put(values, start + (int) (done / Float.BYTES), part.remaining());
        });
  }

  void download(long from, float[] values, int start, int length) {
    device.download(
        from,
        (long) Float.BYTES * length,
        (done, host) -> {
          FloatBuffer part = host.asFloatBuffer();
          part.get(values, start + (int) (done / Float.BYTES), part.remaining());
        });
  }
}
