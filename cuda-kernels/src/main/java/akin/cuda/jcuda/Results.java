package akin.cuda.jcuda;

import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import java.util.concurrent.atomic.AtomicInteger;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.cudnnStatus;

/** Turns the codes that NVIDIA's libraries return into exceptions: call, error's name, meaning. */
final class Results {
  /** How many calls were refused in this process. */
  private static final AtomicInteger REFUSALS = new AtomicInteger();

  private Results() {}

  /** How many calls were refused in this process so far. */
  static int refusals() {
    return REFUSALS.get();
  }

  /** Counts a refusal that is told in other words. */
  static <E extends RuntimeException> E counted(E refusal) {
    REFUSALS.incrementAndGet();
    return refusal;
  }

  /**
   * Counts and makes a refusal. A kernel's fault is told by whatever the device is asked next, by
   * another launch or by a library, so the kernel launched before is named.
   */
  static DeviceException refusal(Kind kind, String message) {
    String kernel = kind == Kind.KERNEL_FAULT ? JCudaDevice.lastKernel() : null;
    return counted(new DeviceException(kind, kernel == null ? message : message + after(kernel)));
  }

  private static String after(String kernel) {
    return "; the last kernel launched before was "
        + kernel
        + " (with CUDA_LAUNCH_BLOCKING=1 in the environment the launch at fault tells it itself)";
  }

  /** A call of the driver. */
  static void driver(String call, int code) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw refusal(kind(code), call + ": " + told(code));
    }
  }

  /** A call of cuBLAS. */
  static void blas(String call, int code) {
    if (code != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      Kind kind =
          switch (code) {
            case cublasStatus.CUBLAS_STATUS_ALLOC_FAILED -> Kind.OUT_OF_MEMORY;
            case cublasStatus.CUBLAS_STATUS_EXECUTION_FAILED -> Kind.KERNEL_FAULT;
            default -> Kind.REFUSED;
          };
      throw refusal(
          kind, call + ": " + cublasStatus.stringFor(code) + " (" + blasMeaning(code) + ")");
    }
  }

  /** A call of cuDNN. */
  static void dnn(String call, int code) {
    if (code != cudnnStatus.CUDNN_STATUS_SUCCESS) {
      Kind kind =
          switch (code) {
            case cudnnStatus.CUDNN_STATUS_ALLOC_FAILED -> Kind.OUT_OF_MEMORY;
            case cudnnStatus.CUDNN_STATUS_EXECUTION_FAILED -> Kind.KERNEL_FAULT;
            default -> Kind.REFUSED;
          };
      throw refusal(
          kind, call + ": " + cudnnStatus.stringFor(code) + " (" + dnnMeaning(code) + ")");
    }
  }

  /** An error of the driver by its name and what it means. */
  static String told(int code) {
    String[] meaning = new String[1];
    JCudaDriver.cuGetErrorString(code, meaning);
    return CUresult.stringFor(code) + (meaning[0] == null ? "" : " (" + meaning[0] + ")");
  }

  /** What an error of the driver is to the caller. */
  static Kind kind(int code) {
    return switch (code) {
      case CUresult.CUDA_ERROR_OUT_OF_MEMORY -> Kind.OUT_OF_MEMORY;
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED ->
          Kind.KERNEL_FAULT;
      case CUresult.CUDA_ERROR_DEINITIALIZED,
          CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE,
          CUresult.CUDA_ERROR_NO_DEVICE,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_SYSTEM_NOT_READY,
          CUresult.CUDA_ERROR_UNKNOWN ->
          Kind.LOST;
      case CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_INVALID_IMAGE,
          CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUresult.CUDA_ERROR_JIT_COMPILATION_DISABLED ->
          Kind.COMPILE;
      default -> Kind.REFUSED;
    };
  }

  private static String blasMeaning(int code) {
    return switch (code) {
      case cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED -> "the library was not initialised";
      case cublasStatus.CUBLAS_STATUS_ALLOC_FAILED -> "no memory for the library's own use";
      case cublasStatus.CUBLAS_STATUS_INVALID_VALUE -> "an argument is not allowed";
      case cublasStatus.CUBLAS_STATUS_ARCH_MISMATCH -> "the card cannot do this";
      case cublasStatus.CUBLAS_STATUS_MAPPING_ERROR -> "memory could not be mapped";
      case cublasStatus.CUBLAS_STATUS_EXECUTION_FAILED -> "a kernel failed on the card";
      case cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED -> "not supported with these arguments";
      default -> "an error inside the library";
    };
  }

  private static String dnnMeaning(int code) {
    return switch (code) {
      case cudnnStatus.CUDNN_STATUS_NOT_INITIALIZED -> "the library was not initialised";
      case cudnnStatus.CUDNN_STATUS_ALLOC_FAILED -> "no memory for the library's own use";
      case cudnnStatus.CUDNN_STATUS_BAD_PARAM -> "an argument is not allowed";
      case cudnnStatus.CUDNN_STATUS_ARCH_MISMATCH -> "the card cannot do this";
      case cudnnStatus.CUDNN_STATUS_MAPPING_ERROR -> "memory could not be mapped";
      case cudnnStatus.CUDNN_STATUS_EXECUTION_FAILED -> "a kernel failed on the card";
      case cudnnStatus.CUDNN_STATUS_NOT_SUPPORTED -> "not supported with these arguments";
      case cudnnStatus.CUDNN_STATUS_VERSION_MISMATCH -> "parts of different versions are loaded";
      default -> "an error inside the library";
    };
  }
}
