package akin.cuda;

import akin.tensor.backend.Backend;

/** Batch normalisation. */
final class BatchNorms {
  private final Launcher launcher;

  BatchNorms(Launcher launcher) {
    this.launcher = launcher;
  }

  void batchNorm(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer beta,
      CudaBuffer runningMean,
      CudaBuffer runningVar,
      CudaBuffer y,
      CudaBuffer mean,
      CudaBuffer invStd,
      Backend.Norm s) {
    throw new UnsupportedOperationException(
        "batchNorm is being written for " + launcher.device.info().name());
  }

  void batchNormGrad(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer beta,
      CudaBuffer mean,
      CudaBuffer invStd,
      CudaBuffer dy,
      CudaBuffer dx,
      CudaBuffer dGamma,
      CudaBuffer dBeta,
      Backend.Norm s) {
    throw new UnsupportedOperationException(
        "batchNormGrad is being written for " + launcher.device.info().name());
  }
}
