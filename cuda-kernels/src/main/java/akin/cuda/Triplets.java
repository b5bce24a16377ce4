package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;

/** The hinge over all triplets of each anchor, and its gradient; a block an anchor. */
final class Triplets {
  private final Launcher launcher;

  Triplets(Launcher launcher) {
    this.launcher = launcher;
  }

  void tripletHinge(
      double margin, CudaBuffer near, CudaBuffer far, CudaBuffer y, int n, int p, int m) {
    launch(
        "triplet_hinge",
        n,
        Args.of()
            .pointer(near.address)
            .pointer(far.address)
            .pointer(y.address)
            .int32(n)
            .int32(p)
            .int32(m)
            .float32(margin));
  }

  void tripletHingeGrad(
      double margin,
      CudaBuffer near,
      CudaBuffer far,
      CudaBuffer dy,
      CudaBuffer dNear,
      CudaBuffer dFar,
      int n,
      int p,
      int m) {
    gradient("triplet_hinge_grad_near", margin, near, far, dy, dNear, n, p, m);
    gradient("triplet_hinge_grad_far", margin, near, far, dy, dFar, n, p, m);
  }

  private void gradient(
      String kernel,
      double margin,
      CudaBuffer near,
      CudaBuffer far,
      CudaBuffer dy,
      CudaBuffer dx,
      int n,
      int p,
      int m) {
    launch(
        kernel,
        dx.length == 0 ? 0 : n,
        Args.of()
            .pointer(near.address)
            .pointer(far.address)
            .pointer(dy.address)
            .pointer(dx.address)
            .int32(p)
            .int32(m)
            .float32(margin));
  }

  private void launch(String kernel, int anchors, Args args) {
    if (anchors > 0) {
      launcher.launch(KernelFile.TRIPLETS, kernel, Grid.of(anchors, Launcher.BLOCK), args);
    }
  }
}
