package akin.cuda;

/** Layer normalisation. */
final class LayerNorms {
  private final Launcher launcher;

  LayerNorms(Launcher launcher) {
    this.launcher = launcher;
  }

  void layerNorm(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer beta,
      CudaBuffer y,
      CudaBuffer mean,
      CudaBuffer invStd,
      long rows,
      int width,
      double eps) {
    throw new UnsupportedOperationException(
        "layerNorm is being written for " + launcher.device.info().name());
  }

  void layerNormGrad(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer mean,
      CudaBuffer invStd,
      CudaBuffer dy,
      CudaBuffer dx,
      CudaBuffer dGamma,
      CudaBuffer dBeta,
      long rows,
      int width) {
    throw new UnsupportedOperationException(
        "layerNormGrad is being written for " + launcher.device.info().name());
  }
}
