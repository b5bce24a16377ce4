package akin.cuda.sim;

import akin.cuda.device.Grid;
import akin.cuda.sim.exec.LoadedModule;
import akin.cuda.sim.exec.Machine;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.memory.GlobalMemory;
import akin.cuda.sim.observe.RaceCheck;
import akin.cuda.sim.observe.WrittenCheck;
import akin.cuda.sim.ptx.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A small card with all checks, for tests. */
final class Card {
  static final long CAPACITY = 64 << 20;
  private static final long STEPS = 100_000;

  final GlobalMemory memory = new GlobalMemory(CAPACITY, true);
  private final LoadedModule module;
  private final Machine machine;

  Card(String ptx, Observer... more) {
    Observer[] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = new WrittenCheck();
    all[more.length + 1] = new RaceCheck();
    module = new LoadedModule(Parser.parse(ptx), memory);
    machine = new Machine(memory, Observer.all(all), STEPS);
  }

  /** The sample that NVIDIA's compiler made of {@code language.cu}. */
  static String language() {
    try (InputStream file = Card.class.getResourceAsStream("language.ptx")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One kernel {@code k} with two pointers {@code %a}, {@code %b} and the thread's number. */
  static String kernel(String declarations, String body) {
    return """
        .version 7.8
        .target sm_75
        .address_size 64
        .visible .entry k(.param .u64 k_0, .param .u64 k_1)
        {
        .reg .pred %p<9>;
        .reg .b16 %rs<9>;
        .reg .b32 %r<20>;
        .reg .b64 %rd<20>;
        .reg .f32 %f<10>;
        .reg .f64 %fd<10>;
        .reg .b64 %a, %b;
        .reg .b32 %t;
        """
        + declarations
        + """

        ld.param.u64 %a, [k_0];
        ld.param.u64 %b, [k_1];
        mov.u32 %t, %tid.x;
        .loc 1 7 1
        """
        + body
        + "\nret;\n}\n.file 1 \"k.cu\"\n";
  }

  void run(String kernel, Grid grid, Object... arguments) {
    ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    for (Object argument : arguments) {
      int size = argument instanceof Long ? Long.BYTES : Integer.BYTES;
      bytes.position((bytes.position() + size - 1) / size * size);
      if (argument instanceof Long address) {
        bytes.putLong(address);
      } else if (argument instanceof byte[] struct) {
        bytes.put(struct);
      } else {
        bytes.putInt((Integer) argument);
      }
    }
    machine.launch(module, kernel, grid, Arrays.copyOf(bytes.array(), bytes.position()));
  }

  /** Memory that nothing wrote. */
  long room(int bytes) {
    return memory.allocate(bytes);
  }

  long put(int... values) {
    long address = room(Integer.BYTES * values.length);
    memory.writable(address, (long) Integer.BYTES * values.length).asIntBuffer().put(values);
    return address;
  }

  long put(long... values) {
    long address = room(Long.BYTES * values.length);
    memory.writable(address, (long) Long.BYTES * values.length).asLongBuffer().put(values);
    return address;
  }

  long put(float... values) {
    long address = room(Float.BYTES * values.length);
    memory.writable(address, (long) Float.BYTES * values.length).asFloatBuffer().put(values);
    return address;
  }

  long put(double... values) {
    long address = room(Double.BYTES * values.length);
    memory.writable(address, (long) Double.BYTES * values.length).asDoubleBuffer().put(values);
    return address;
  }

  int[] ints(long address, int count) {
    int[] values = new int[count];
    memory.readable(address, (long) Integer.BYTES * count).asIntBuffer().get(values);
    return values;
  }

  long[] longs(long address, int count) {
    long[] values = new long[count];
    memory.readable(address, (long) Long.BYTES * count).asLongBuffer().get(values);
    return values;
  }

  float[] floats(long address, int count) {
    float[] values = new float[count];
    memory.readable(address, (long) Float.BYTES * count).asFloatBuffer().get(values);
    return values;
  }

  double[] doubles(long address, int count) {
    double[] values = new double[count];
    memory.readable(address, (long) Double.BYTES * count).asDoubleBuffer().get(values);
    return values;
  }
}
