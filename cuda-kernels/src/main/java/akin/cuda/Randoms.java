package akin.cuda;

import akin.tensor.RandomStream;
import akin.tensor.backend.Noise;

/** Counter-based random numbers. */
final class Randoms {
  private final Launcher launcher;

  Randoms(Launcher launcher) {
    this.launcher = launcher;
  }

  void random(Noise noise, RandomStream stream, double a, double b, CudaBuffer y) {
    throw new UnsupportedOperationException(
        "random is being written for " + launcher.device.info().name());
  }
}
