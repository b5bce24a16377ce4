package akin.cuda.jcuda;

import java.util.List;

/** What Akin loads of NVIDIA's; the files of one part must come from one place. */
enum Part {
  /** The driver's own library; it comes with the driver and with nothing else. */
  DRIVER("NVIDIA driver", "libcuda.so", "1", List.of(), List.of()),
  /** Matrix products. */
  CUBLAS(
      "cuBLAS 11", "libcublas.so", "11", List.of("libcublasLt.so.11"), List.of("10", "12", "13")),
  /** Layers; the parts that Akin uses, without those for sequences. */
  CUDNN(
      "cuDNN 8",
      "libcudnn.so",
      "8",
      List.of(
          "libcudnn_ops_infer.so.8",
          "libcudnn_cnn_infer.so.8",
          "libcudnn_ops_train.so.8",
          "libcudnn_cnn_train.so.8"),
      List.of("7", "9")),
  /** The compiler of kernels; without it the driver compiles their PTX. */
  NVRTC(
      "NVRTC 11",
      "libnvrtc.so",
      "11.2",
      List.of(
          "libnvrtc-builtins.so.11.2",
          "libnvrtc-builtins.so.11.3",
          "libnvrtc-builtins.so.11.4",
          "libnvrtc-builtins.so.11.5",
          "libnvrtc-builtins.so.11.6",
          "libnvrtc-builtins.so.11.7",
          "libnvrtc-builtins.so.11.8"),
      List.of("10.2", "11.0", "11.1", "12", "13"));

  private final String title;
  private final String stem;
  private final String version;
  private final List<String> companions;
  private final List<String> otherVersions;

  Part(
      String title,
      String stem,
      String version,
      List<String> companions,
      List<String> otherVersions) {
    this.title = title;
    this.stem = stem;
    this.version = version;
    this.companions = companions;
    this.otherVersions = otherVersions;
  }

  /** The product's name and major version. */
  String title() {
    return title;
  }

  /** The file that JCuda's natives ask the system for. */
  String file() {
    return stem + "." + version;
  }

  /** Files that are loaded before, where they lie beside it. */
  List<String> companions() {
    return companions;
  }

  /** The same library of versions that do not fit. */
  List<String> otherFiles() {
    return otherVersions.stream().map(other -> stem + "." + other).toList();
  }
}
