package akin.bench;

import java.util.Locale;

/** Somebody else's program that does the same work. */
enum Peer {
  /** OpenBLAS through numpy. */
  NUMPY(Program.PYTHON, "numpy", "python3-numpy libopenblas0-openmp"),
  /** PyTorch, operator by operator. */
  TORCH(Program.PYTHON, "torch", "python3-torch"),
  /** PyTorch with channels last in memory. */
  TORCH_NHWC(Program.PYTHON, "torch", "python3-torch python3-torchvision"),
  /** PyTorch's TorchScript, optimised for inference. */
  TORCH_JIT(Program.PYTHON, "torch", "python3-torch python3-torchvision"),
  /** Flat index, inner product. */
  FAISS_IP(Program.PYTHON, "faiss", "python3-faiss"),
  /** Flat index, squared distance. */
  FAISS_L2(Program.PYTHON, "faiss", "python3-faiss"),
  /** ONNX Runtime, all optimisations. */
  ORT(Program.ORT, "onnxruntime", null),
  /** A newer PyTorch through the Deep Java Library. */
  DJL(Program.DJL, "djl", null);

  /** What runs it. */
  enum Program {
    /** {@code bench/peers/peers.py}. */
    PYTHON,
    /** {@link OrtProcess}. */
    ORT,
    /** {@link DjlProcess}. */
    DJL
  }

  private final Program program;
  private final String engine;
  private final String packages;

  Peer(Program program, String engine, String packages) {
    this.program = program;
    this.engine = engine;
    this.packages = packages;
  }

  /** What runs it. */
  Program program() {
    return program;
  }

  /** The library that does the work. */
  String engine() {
    return engine;
  }

  /** Debian's packages that hold it; null if Maven has it. */
  String packages() {
    return packages;
  }

  /** How the table and the processes call it: {@code torch-jit}. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
