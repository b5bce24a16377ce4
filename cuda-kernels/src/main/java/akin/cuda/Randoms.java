package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.kernel.KernelFile;
import akin.tensor.RandomStream;
import akin.tensor.backend.Noise;

/** Counter-based random numbers. */
final class Randoms {
  private final Launcher launcher;

  Randoms(Launcher launcher) {
    this.launcher = launcher;
  }

  void random(Noise noise, RandomStream stream, double a, double b, CudaBuffer y) {
    Args args = Args.of().pointer(y.address).int64(y.length).int64(stream.key());
    args.float64(a).float64(b);
    String kernel = "random_" + Elements.name(noise);
    launcher.loop(KernelFile.RANDOM, kernel, y.length, args);
  }
}
