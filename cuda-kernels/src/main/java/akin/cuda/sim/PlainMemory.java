package akin.cuda.sim;

import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.GlobalMemory;
import java.nio.FloatBuffer;

/**
 * How the plain libraries reach the card's memory: arrays of float32, read and written whole. Every
 * refusal names the call and its argument.
 *
 * @param call the library's routine, for messages
 */
record PlainMemory(GlobalMemory memory, String call) {
  /** The numbers at an address, all of which something must have written. */
  double[] read(String what, long address, long count) {
    check(what, address, count);
    double[] numbers = new double[(int) count];
    FloatBuffer from = memory.readable(address, Float.BYTES * count).asFloatBuffer();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = from.get(i);
    }
    Allocation piece = memory.find(address, (int) (Float.BYTES * count));
    int offset = (int) (address - piece.start());
    for (int i = 0; i < numbers.length; i++) {
      if (!piece.isWritten(offset + Float.BYTES * i, Float.BYTES)) {
        throw refused(what + " is read at element " + i + ", which nothing wrote");
      }
    }
    return numbers;
  }

  /** Writes numbers, each rounded once. */
  void write(String what, long address, double[] numbers) {
    write(what, address, numbers, 0, numbers.length);
  }

  /** Writes some of the numbers. */
  void write(String what, long address, double[] numbers, int start, int count) {
    check(what, address, count);
    FloatBuffer to = memory.writable(address, (long) Float.BYTES * count).asFloatBuffer();
    for (int i = 0; i < count; i++) {
      to.put(i, (float) numbers[start + i]);
    }
  }

  private void check(String what, long address, long count) {
    if (address == 0) {
      throw refused(what + " is a null pointer");
    }
    if (address % Float.BYTES != 0) {
      throw refused(what + " is not aligned to four bytes");
    }
    if (memory.find(address, (int) Math.min(Float.BYTES * count, Integer.MAX_VALUE)) == null) {
      throw refused(what + ": " + memory.problem(address, Float.BYTES * count).text());
    }
  }

  /** Refuses the call if a rule does not hold. */
  void require(boolean holds, String rule) {
    if (!holds) {
      throw refused("needed: " + rule);
    }
  }

  /** Refuses outputs that share memory with inputs. */
  void apart(String what, long address, long count, long other, long otherCount) {
    boolean overlap =
        address < other + Float.BYTES * otherCount && other < address + Float.BYTES * count;
    require(!overlap, what + " apart from the inputs");
  }

  private DeviceException refused(String reason) {
    return new DeviceException(Kind.REFUSED, call + ": " + reason);
  }
}
