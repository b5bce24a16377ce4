package akin.cuda.jcuda;

import akin.cuda.device.Device;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.kernel.KernelFile;
import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/**
 * The files of kernels as modules of a context: machine code where the compiler makes it for this
 * card, else the committed PTX, which the driver compiles.
 */
final class Modules {
  private static final int LOG_BYTES = 1 << 14;

  private final String architecture;
  private final Compiler compiler;
  private final Map<KernelFile, CUmodule> modules = new EnumMap<>(KernelFile.class);
  private final Map<KernelFile, Map<String, Loaded>> kernels = new EnumMap<>(KernelFile.class);

  /** Makes machine code of a source; none if it cannot for this card. */
  interface Compiler {
    Optional<byte[]> cubin(KernelFile file, String architecture);
  }

  record Loaded(String name, CUfunction function) implements Device.Kernel {}

  Modules(String architecture, Compiler compiler) {
    this.architecture = architecture;
    this.compiler = compiler;
  }

  /** A kernel; its file is loaded when the first of it is asked for. */
  Loaded kernel(KernelFile file, String name) {
    return kernels
        .computeIfAbsent(file, f -> new HashMap<>())
        .computeIfAbsent(name, n -> function(file, n));
  }

  private Loaded function(KernelFile file, String name) {
    CUmodule module = modules.get(file);
    if (module == null) {
      module = load(file);
      modules.put(file, module);
    }
    CUfunction function = new CUfunction();
    Results.driver(
        "cuModuleGetFunction " + name + " of " + file.stem() + ".cu",
        JCudaDriver.cuModuleGetFunction(function, module, name));
    return new Loaded(name, function);
  }

  private CUmodule load(KernelFile file) {
    CUmodule module = new CUmodule();
    Optional<byte[]> cubin = compiler.cubin(file, architecture);
    if (cubin.isPresent()) {
      Results.driver(
          "cuModuleLoadDataEx " + file.stem() + ".cu for " + architecture,
          JCudaDriver.cuModuleLoadDataJIT(module, image(cubin.get()), new JITOptions()));
      return module;
    }
    byte[] ptx = file.ptx().getBytes(StandardCharsets.UTF_8);
    JITOptions options = new JITOptions();
    options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
    options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
    int code = JCudaDriver.cuModuleLoadDataJIT(module, image(ptx), options);
    if (code == CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION) {
      throw Results.counted(
          UserError.of("the NVIDIA driver is too old for the kernels' PTX")
              .at(file.stem() + ".ptx")
              .rule("it is of CUDA 11.8; the driver knows " + Driver.version(Driver.version()))
              .mend("update the driver to 520 or newer, or get NVRTC: " + Libraries.FETCH));
    }
    if (code != CUresult.CUDA_SUCCESS) {
      String log = options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER);
      throw Results.refusal(
          Kind.COMPILE,
          "cuModuleLoadDataEx "
              + file.stem()
              + ".ptx for "
              + architecture
              + ": "
              + Results.told(code)
              + (log == null || log.isBlank() ? "" : "\n" + log.strip()));
    }
    return module;
  }

  /**
   * A file in memory of its own, with a 0 behind it. For an array JCuda would keep the garbage
   * collector waiting as long as the driver compiles.
   */
  private static Pointer image(byte[] file) {
    return Pointer.to(ByteBuffer.allocateDirect(file.length + 1).put(file).rewind());
  }

  /** Unloads all; a card that is lost may refuse, and nothing follows from it. */
  void close() {
    modules.values().forEach(JCudaDriver::cuModuleUnload);
    modules.clear();
    kernels.clear();
  }
}
