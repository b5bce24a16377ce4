package akin.cuda.sim;

import akin.cuda.device.Args;
import akin.cuda.device.Blas;
import akin.cuda.device.Device;
import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.device.DeviceInfo;
import akin.cuda.device.Dnn;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.exec.KernelFault;
import akin.cuda.sim.exec.LoadedModule;
import akin.cuda.sim.exec.Machine;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.memory.GlobalMemory;
import akin.cuda.sim.observe.RaceCheck;
import akin.cuda.sim.observe.WrittenCheck;
import akin.cuda.sim.ptx.Module;
import akin.cuda.sim.ptx.Parser;
import akin.cuda.sim.ptx.PtxException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * An imaginary card: the PTX machine for kernels, plain loops for the libraries. All is done at
 * once, on the caller's thread.
 */
public final class SimDevice implements Device {
  private final GlobalMemory memory;
  private final Machine machine;
  private final Function<KernelFile, Module> sources;
  private final Map<KernelFile, LoadedModule> modules = new EnumMap<>(KernelFile.class);
  private final DeviceInfo info;

  /**
   * @param memory of the card
   * @param capacity its bytes, as {@link #info} tells them
   * @param machine that runs kernels in this memory
   * @param sources what stands in each file of kernels
   */
  private SimDevice(
      GlobalMemory memory, long capacity, Machine machine, Function<KernelFile, Module> sources) {
    this.memory = memory;
    this.machine = machine;
    this.sources = sources;
    info = new DeviceInfo("PTX machine", 7, 5, 2, capacity, 48 << 10, 0);
  }

  /** A card without checks but bounds, alignment, lanes and barriers. */
  public static SimDevice fast(long capacity) {
    GlobalMemory memory = new GlobalMemory(capacity, false);
    Machine machine = new Machine(memory, null, Machine.LIMIT);
    return new SimDevice(memory, capacity, machine, SimDevice::committed);
  }

  /** A card that finds races and reads of memory that nothing wrote, too. */
  public static SimDevice checked(long capacity) {
    return observed(capacity, allChecks());
  }

  /**
   * A card on which somebody looks on, and that remembers which bytes were written.
   *
   * @param observer of every launch
   */
  public static SimDevice observed(long capacity, Observer observer) {
    return running(SimDevice::committed, capacity, observer, Machine.LIMIT);
  }

  /**
   * A card with all checks that runs other kernels than the committed ones, such as some with
   * planted mistakes.
   *
   * @param sources what stands in each file of kernels
   * @param limit the most steps that a warp may run in a block
   */
  public static SimDevice trying(Function<KernelFile, Module> sources, long capacity, long limit) {
    return running(sources, capacity, allChecks(), limit);
  }

  private static SimDevice running(
      Function<KernelFile, Module> sources, long capacity, Observer observer, long limit) {
    GlobalMemory memory = new GlobalMemory(capacity, true);
    return new SimDevice(memory, capacity, new Machine(memory, observer, limit), sources);
  }

  private static Observer allChecks() {
    return Observer.all(new WrittenCheck(), new RaceCheck());
  }

  private static Module committed(KernelFile file) {
    try {
      return Parser.parse(file.ptx());
    } catch (PtxException e) {
      throw new DeviceException(Kind.COMPILE, file.stem() + ".ptx: " + e.getMessage());
    }
  }

  /** The card's memory. */
  public GlobalMemory memory() {
    return memory;
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public long allocate(long bytes) {
    return memory.allocate(bytes);
  }

  @Override
  public void free(long address) {
    memory.free(address);
  }

  @Override
  public void lent(long address, long bytes) {
    memory.lend(address, bytes);
  }

  @Override
  public void givenBack(long address) {
    memory.takeBack(address);
  }

  @Override
  public long freeBytes() {
    return memory.free();
  }

  @Override
  public void upload(long to, long bytes, HostSide fill) {
    if (bytes > 0) {
      fill.at(0, memory.writable(to, bytes));
    }
  }

  @Override
  public void download(long from, long bytes, HostSide take) {
    if (bytes > 0) {
      take.at(0, memory.readable(from, bytes));
    }
  }

  @Override
  public void copy(long from, long to, long bytes) {
    if (bytes > 0) {
      memory.copy(from, to, bytes);
    }
  }

  @Override
  public void copy2d(long from, long fromPitch, long to, long toPitch, long width, long rows) {
    for (long row = 0; row < rows; row++) {
      copy(from + row * fromPitch, to + row * toPitch, width);
    }
  }

  @Override
  public void fill32(long address, int bits, long count) {
    if (count > 0) {
      ByteBuffer words = memory.writable(address, Integer.BYTES * count);
      while (words.hasRemaining()) {
        words.putInt(bits);
      }
    }
  }

  @Override
  public Kernel kernel(KernelFile file, String name) {
    LoadedModule module = modules.computeIfAbsent(file, this::load);
    if (!module.module().functions().containsKey(name)) {
      throw new DeviceException(Kind.REFUSED, file.stem() + ".ptx has no kernel " + name);
    }
    return new SimKernel(name, module);
  }

  private LoadedModule load(KernelFile file) {
    return new LoadedModule(sources.apply(file), memory);
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Args args) {
    SimKernel own = (SimKernel) kernel;
    byte[] bytes = Arguments.bytes(own.module.module().functions().get(own.name), args);
    try {
      machine.launch(own.module, own.name, grid, bytes);
    } catch (KernelFault e) {
      throw new DeviceException(Kind.KERNEL_FAULT, e.getMessage());
    } catch (PtxException e) {
      throw new DeviceException(Kind.COMPILE, own.name + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new DeviceException(Kind.REFUSED, e.getMessage());
    }
  }

  private record SimKernel(String name, LoadedModule module) implements Kernel {}

  @Override
  public void synchronize() {
    // nothing is ever under way
  }

  private record Moment(long nanos) implements Mark {}

  @Override
  public Mark mark() {
    return new Moment(System.nanoTime());
  }

  @Override
  public double seconds(Mark from, Mark to) {
    return (((Moment) to).nanos - ((Moment) from).nanos) * 1e-9;
  }

  @Override
  public Blas blas() {
    return new PlainBlas(memory);
  }

  @Override
  public Dnn dnn(Workspace workspace) {
    return new PlainDnn(memory);
  }

  @Override
  public void close() {
    modules.values().forEach(LoadedModule::unload);
    modules.clear();
  }
}
