package akin.cuda.jcuda;

import akin.cuda.device.Args;
import akin.cuda.device.Blas;
import akin.cuda.device.Device;
import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceInfo;
import akin.cuda.device.Dnn;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUDA_MEMCPY2D;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A card behind NVIDIA's driver: its primary context, one stream. */
final class JCudaDevice implements Device {
  /** The device whose context is current on a thread. */
  private static final ThreadLocal<JCudaDevice> CURRENT = new ThreadLocal<>();

  private final Libraries libraries;
  private final boolean tf32;
  private final CUdevice card;
  private final DeviceInfo info;
  private final long longestPitch;
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final Uploads uploads;
  private final Downloads downloads;
  private final Modules modules;
  private final LaunchArguments arguments;
  private final List<Moment> moments = new ArrayList<>();
  private JCudaBlas blas;
  private JCudaDnn dnn;
  private Workspace dnnWorkspace;
  private String lastKernel; // null before the first
  private final int refusals = Results.refusals();
  private boolean closed;

  /** A place in the stream. */
  record Moment(CUevent event) implements Mark {}

  /**
   * Opens a card; the driver is loaded and initialised.
   *
   * @param tf32 whether libraries may round factors to ten bits, which is faster
   */
  JCudaDevice(Libraries libraries, int ordinal, Modules.Compiler compiler, boolean tf32) {
    this.libraries = libraries;
    this.tf32 = tf32;
    card = Driver.card(ordinal);
    info = Driver.info(card);
    longestPitch = Driver.attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_PITCH);
    modules = new Modules(info.architecture(), compiler);
    Results.driver("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, card));
    try {
      enter();
      Results.driver(
          "cuStreamCreate",
          JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
      arguments = new LaunchArguments();
      uploads = new Uploads(stream);
      downloads = new Downloads(stream);
    } catch (DeviceException e) {
      leave();
      throw e;
    }
  }

  /** Gives the stream and the context back. */
  private void leave() {
    JCudaDriver.cuStreamDestroy(stream);
    CURRENT.remove();
    JCudaDriver.cuCtxSetCurrent(new CUcontext());
    JCudaDriver.cuDevicePrimaryCtxRelease(card);
  }

  /** Makes the context current on this thread. */
  private void enter() {
    Results.driver("cuCtxSetCurrent", entered());
  }

  /** The same, with the driver's code: the card may be lost. */
  private int entered() {
    if (closed) {
      throw new IllegalStateException("this device was closed already");
    }
    if (CURRENT.get() == this) {
      return CUresult.CUDA_SUCCESS;
    }
    int code = JCudaDriver.cuCtxSetCurrent(context);
    if (code == CUresult.CUDA_SUCCESS) {
      CURRENT.set(this);
    }
    return code;
  }

  CUstream stream() {
    return stream;
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  // ---- memory ----

  @Override
  public long allocate(long bytes) {
    enter();
    Address address = new Address();
    Results.driver("cuMemAlloc of " + bytes + " bytes", JCudaDriver.cuMemAlloc(address, bytes));
    return address.value();
  }

  @Override
  public void free(long address) {
    if (entered() == CUresult.CUDA_SUCCESS
        && JCudaDriver.cuStreamSynchronize(stream) == CUresult.CUDA_SUCCESS) {
      Results.driver("cuMemFree", JCudaDriver.cuMemFree(new Address(address)));
    }
    // Else the context is broken, its memory lost, and whoever computes next is told so.
  }

  @Override
  public long freeBytes() {
    enter();
    long[] free = new long[1];
    long[] total = new long[1];
    Results.driver("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total));
    return free[0];
  }

  @Override
  public void upload(long to, long bytes, HostSide fill) {
    enter();
    uploads.copy(to, bytes, fill);
  }

  @Override
  public void download(long from, long bytes, HostSide take) {
    enter();
    downloads.copy(from, bytes, take);
  }

  @Override
  public void copy(long from, long to, long bytes) {
    enter();
    if (bytes > 0) {
      Results.driver(
          "cuMemcpyDtoDAsync",
          JCudaDriver.cuMemcpyDtoDAsync(new Address(to), new Address(from), bytes, stream));
    }
  }

  @Override
  public void copy2d(long from, long fromPitch, long to, long toPitch, long width, long rows) {
    if (fromPitch == width && toPitch == width) {
      copy(from, to, width * rows);
    } else if (Math.max(fromPitch, toPitch) > longestPitch) {
      for (long row = 0; row < rows; row++) {
        copy(from + row * fromPitch, to + row * toPitch, width);
      }
    } else if (width > 0 && rows > 0) {
      enter();
      CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
      copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
      copy.srcDevice = new Address(from);
      copy.srcPitch = fromPitch;
      copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
      copy.dstDevice = new Address(to);
      copy.dstPitch = toPitch;
      copy.WidthInBytes = width;
      copy.Height = rows;
      Results.driver("cuMemcpy2DAsync", JCudaDriver.cuMemcpy2DAsync(copy, stream));
    }
  }

  @Override
  public void fill32(long address, int bits, long count) {
    enter();
    if (count > 0) {
      Results.driver(
          "cuMemsetD32Async",
          JCudaDriver.cuMemsetD32Async(new Address(address), bits, count, stream));
    }
  }

  // ---- kernels ----

  @Override
  public Kernel kernel(KernelFile file, String name) {
    enter();
    return modules.kernel(file, name);
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Args args) {
    enter();
    Modules.Loaded loaded = (Modules.Loaded) kernel;
    Results.driver(
        "cuLaunchKernel " + kernel.name(),
        JCudaDriver.cuLaunchKernel(
            loaded.function(),
            grid.x(),
            grid.y(),
            1,
            grid.threads(),
            grid.threadsY(),
            1,
            grid.sharedBytes(),
            stream,
            arguments.of(args),
            null));
    lastKernel = kernel.name();
  }

  @Override
  public void synchronize() {
    enter();
    Results.driver("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
  }

  /** The kernel launched last on the device that is current on this thread, or null. */
  static String lastKernel() {
    JCudaDevice current = CURRENT.get();
    return current == null ? null : current.lastKernel;
  }

  @Override
  public Mark mark() {
    enter();
    CUevent event = new CUevent();
    Results.driver(
        "cuEventCreate", JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT));
    Moment moment = new Moment(event);
    moments.add(moment);
    Results.driver("cuEventRecord", JCudaDriver.cuEventRecord(event, stream));
    return moment;
  }

  @Override
  public double seconds(Mark from, Mark to) {
    enter();
    CUevent end = ((Moment) to).event();
    Results.driver("cuEventSynchronize", JCudaDriver.cuEventSynchronize(end));
    float[] milliseconds = new float[1];
    Results.driver(
        "cuEventElapsedTime",
        JCudaDriver.cuEventElapsedTime(milliseconds, ((Moment) from).event(), end));
    return milliseconds[0] / 1e3;
  }

  // ---- libraries ----

  @Override
  public Blas blas() {
    enter();
    if (blas == null) {
      libraries.load(Part.CUBLAS);
      blas = libraries.linked(() -> new JCudaBlas(stream, tf32, this::enter));
    }
    return blas;
  }

  @Override
  public Dnn dnn(Workspace workspace) {
    enter();
    if (dnn == null || dnnWorkspace != workspace) {
      if (dnn != null) {
        dnn.close();
      }
      libraries.load(Part.CUDNN);
      dnn = libraries.linked(() -> new JCudaDnn(stream, tf32, workspace, this::enter));
      dnnWorkspace = workspace;
    }
    return dnn;
  }

  @Override
  public boolean failed() {
    return Results.refusals() != refusals;
  }

  /** What a card that is lost refuses here does not matter any more: nothing on it is left. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    JCudaDriver.cuCtxSetCurrent(context);
    CURRENT.set(this);
    JCudaDriver.cuStreamSynchronize(stream);
    if (dnn != null) {
      dnn.close();
    }
    if (blas != null) {
      blas.close();
    }
    modules.close();
    moments.forEach(moment -> JCudaDriver.cuEventDestroy(moment.event()));
    uploads.close();
    downloads.close();
    arguments.close();
    leave();
    closed = true;
  }
}
