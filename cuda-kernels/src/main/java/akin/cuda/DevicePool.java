package akin.cuda;

import akin.cuda.device.Device;
import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.tensor.UserError;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.MemoryReport;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The device's memory: what is given back waits here, by size, for the next that asks for as much;
 * asking the driver would wait for the card. All work is in order on one stream, so memory may be
 * handed out again while older work still reads it: newer work comes after.
 *
 * <p>Working memory, which is back before anyone asks for more than a method's worth, may be up to
 * {@value #SPARE} times as large as asked for. Else each layer's workspace, of a size of its own,
 * would wait for that layer's next turn, and together they would fill the card.
 */
final class DevicePool implements Device.Workspace {
  /** What the driver's memory is aligned to; sizes are rounded up to it. */
  static final long ALIGNMENT = 256;

  /** How much larger than asked for working memory may be. */
  private static final int SPARE = 2;

  private final Device device;
  private final long cap;
  private final NavigableMap<Long, ArrayDeque<Long>> waiting = new TreeMap<>();
  private final Map<Long, Long> taken = new HashMap<>();
  private final Set<Long> kept = new HashSet<>(); // of what is taken
  private long liveBuffers;
  private long liveBytes;
  private long placedBytes; // of buffers, as the driver counts them
  private long workBytes;
  private long pooledBytes;
  private long allocated;

  /**
   * @param cap the most bytes that are asked of the device in all
   */
  DevicePool(Device device, long cap) {
    this.device = device;
    this.cap = cap;
  }

  /** A buffer of {@code length} numbers; one of none has no address. */
  CudaBuffer allocate(long length) {
    long bytes = Math.multiplyExact(length, Float.BYTES);
    long size = rounded(bytes);
    CudaBuffer buffer = new CudaBuffer(this, lent(place(size), bytes), length);
    liveBuffers++;
    liveBytes += bytes;
    placedBytes += size;
    return buffer;
  }

  void release(Buffer given) {
    CudaBuffer buffer = CudaBuffer.own(given, this);
    buffer.live = false;
    liveBuffers--;
    liveBytes -= buffer.bytes();
    placedBytes -= rounded(buffer.bytes());
    giveBack(buffer.address, rounded(buffer.bytes()));
  }

  /** Memory for the time of a method: closing it gives it back to the pool. */
  Scratch scratch(long bytes) {
    return new Scratch(this, take(bytes));
  }

  @Override
  public long cap() {
    return Math.max(cap / 8, 1 << 20);
  }

  /** Memory that a gallery keeps for long: as much as asked for, and no more. */
  Scratch kept(long bytes) {
    Scratch place = new Scratch(this, take(bytes, rounded(bytes)));
    if (place.address() != 0) {
      kept.add(place.address());
    }
    return place;
  }

  @Override
  public long take(long bytes) {
    Long fits = waiting.ceilingKey(rounded(bytes));
    return take(bytes, fits != null && fits <= SPARE * rounded(bytes) ? fits : rounded(bytes));
  }

  private long take(long bytes, long size) {
    if (bytes == 0) {
      return 0;
    }
    long address = lent(place(size), bytes);
    taken.put(address, size);
    workBytes += size;
    return address;
  }

  @Override
  public void give(long address) {
    if (address != 0) {
      long bytes = taken.remove(address);
      kept.remove(address);
      workBytes -= bytes;
      giveBack(address, bytes);
    }
  }

  private long lent(long address, long bytes) {
    if (address != 0) {
      device.lent(address, bytes);
    }
    return address;
  }

  /** Memory of exactly so many bytes, a multiple of the alignment. */
  private long place(long size) {
    ArrayDeque<Long> same = waiting.get(size);
    if (same != null) {
      pooledBytes -= size;
      long address = same.pollLast();
      if (same.isEmpty()) {
        waiting.remove(size);
      }
      return address;
    }
    if (used() + pooledBytes + size > cap) {
      clear();
    }
    if (used() + size > cap) {
      throw full(size, null);
    }
    try {
      return fresh(size);
    } catch (DeviceException e) {
      if (e.kind() != Kind.OUT_OF_MEMORY) {
        throw e;
      }
    }
    clear();
    try {
      return fresh(size);
    } catch (DeviceException e) {
      throw e.kind() == Kind.OUT_OF_MEMORY ? full(size, e) : e;
    }
  }

  private long fresh(long size) {
    long address = size == 0 ? 0 : device.allocate(size);
    allocated++;
    return address;
  }

  private long used() {
    return placedBytes + workBytes;
  }

  private UserError full(long bytes, DeviceException cause) {
    String what = "the memory of " + device.info().name() + " is exhausted";
    return full(what, mebibytes(bytes) + " wanted; ", cause);
  }

  /** What to tell where a library found no memory for its own use. */
  UserError full(DeviceException cause) {
    return full(cause.what(), "", cause);
  }

  private UserError full(String what, String wanted, DeviceException cause) {
    long galleries = kept.stream().mapToLong(taken::get).sum();
    return UserError.of(what)
        .rule(
            String.format(
                Locale.ROOT,
                "%s%s in %d buffers in use, %s in %d galleries, %s in working space, %s of"
                    + " %s may be used, %s free on the card",
                wanted,
                mebibytes(placedBytes),
                liveBuffers,
                mebibytes(galleries),
                kept.size(),
                mebibytes(workBytes - galleries),
                mebibytes(cap),
                mebibytes(device.info().memoryBytes()),
                mebibytes(device.freeBytes())))
        .mend(
            cause == null
                ? "use a smaller batch, or let Akin have more of the card (-Dakin.cuda.memory=6g)"
                : "use a smaller batch, or end what else uses the card (nvidia-smi lists it)")
        .because(cause);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  private void giveBack(long address, long size) {
    if (address != 0) {
      device.givenBack(address);
    }
    pooledBytes += size;
    waiting.computeIfAbsent(size, s -> new ArrayDeque<>()).addLast(address);
  }

  private static long rounded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  MemoryReport report() {
    return new MemoryReport(liveBuffers, liveBytes, pooledBytes, allocated);
  }

  /** Gives what waits back to the device. */
  void clear() {
    waiting.remove(0L); // buffers of no numbers have no memory
    waiting.values().forEach(same -> same.forEach(device::free));
    waiting.clear();
    pooledBytes = 0;
  }

  /** How many bytes may still be taken, as far as cap and card can tell. */
  long room() {
    return Math.min(cap - used(), device.freeBytes() + pooledBytes);
  }

  /** Working memory of a method. */
  record Scratch(DevicePool pool, long address) implements AutoCloseable {
    @Override
    public void close() {
      pool.give(address);
    }
  }
}
