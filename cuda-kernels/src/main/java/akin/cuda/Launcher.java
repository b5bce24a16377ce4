package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Device;
import akin.cuda.device.Dnn;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import java.nio.ByteBuffer;

/** What the classes of this room share: the device, its memory, and how kernels are launched. */
final class Launcher implements AutoCloseable {
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
      dnn = device.dnn(pool);
    }
    return dnn;
  }

  void launch(KernelFile file, String kernel, Grid grid, Args args) {
    device.launch(device.kernel(file, kernel), grid, args);
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
    DevicePool.Scratch place = pool.scratch((long) Integer.BYTES * values.length);
    for (int done = 0; done < values.length; ) {
      ByteBuffer stage = device.stage();
      int count = Math.min(values.length - done, stage.capacity() / Integer.BYTES);
      stage.asIntBuffer().put(values, done, count);
      stage.limit(count * Integer.BYTES);
      device.upload(stage, place.address() + (long) Integer.BYTES * done);
      done += count;
    }
    return place;
  }

  /** Addresses and counts on the device, for the time of a method. */
  DevicePool.Scratch upload(long[] values) {
    DevicePool.Scratch place = pool.scratch((long) Long.BYTES * values.length);
    for (int done = 0; done < values.length; ) {
      ByteBuffer stage = device.stage();
      int count = Math.min(values.length - done, stage.capacity() / Long.BYTES);
      stage.asLongBuffer().put(values, done, count);
      stage.limit(count * Long.BYTES);
      device.upload(stage, place.address() + (long) Long.BYTES * done);
      done += count;
    }
    return place;
  }

  /** Fills whole numbers from the device; waits. */
  void download(long from, int[] values) {
    for (int done = 0; done < values.length; ) {
      ByteBuffer stage = device.stage();
      int count = Math.min(values.length - done, stage.capacity() / Integer.BYTES);
      stage.limit(count * Integer.BYTES);
      device.download(from + (long) Integer.BYTES * done, stage);
      stage.rewind();
      stage.asIntBuffer().get(values, done, count);
      done += count;
    }
  }

  void upload(float[] values, int start, int length, long to) {
    for (int done = 0; done < length; ) {
      ByteBuffer stage = device.stage();
      int count = Math.min(length - done, stage.capacity() / Float.BYTES);
      stage.asFloatBuffer().put(values, start + done, count);
      stage.limit(count * Float.BYTES);
      device.upload(stage, to + (long) Float.BYTES * done);
      done += count;
    }
  }

  void download(long from, float[] values, int start, int length) {
    for (int done = 0; done < length; ) {
      ByteBuffer stage = device.stage();
      int count = Math.min(length - done, stage.capacity() / Float.BYTES);
      stage.limit(count * Float.BYTES);
      device.download(from + (long) Float.BYTES * done, stage);
      stage.rewind();
      stage.asFloatBuffer().get(values, start + done, count);
      done += count;
    }
  }

  @Override
  public void close() {
    if (dnn != null) {
      dnn.close();
    }
  }
}
