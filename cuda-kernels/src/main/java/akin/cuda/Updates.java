package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Update;

/** Steps of the optimisers; what depends on the step alone is computed here, in float64. */
final class Updates {
  private final Launcher launcher;

  Updates(Launcher launcher) {
    this.launcher = launcher;
  }

  void update(Update u, CudaBuffer parameter, CudaBuffer gradient, CudaBuffer m, CudaBuffer v) {
    Args args = Args.of().pointer(parameter.address).pointer(gradient.address);
    long n = parameter.length;
    if (u.rule() != Update.Rule.SGD) {
      args.pointer(m.address).pointer(v.address).int64(n);
      launcher.loop(KernelFile.UPDATE, "update_adam", n, adam(u, args));
    } else if (u.momentum() == 0) {
      args.int64(n).float32(u.rate()).float32(u.weightDecay());
      launcher.loop(KernelFile.UPDATE, "update_sgd", n, args);
    } else {
      args.pointer(m.address).int64(n);
      launcher.loop(KernelFile.UPDATE, "update_momentum", n, momentum(u, args));
    }
  }

  private static Args momentum(Update u, Args args) {
    args.float32(u.rate()).float32(u.weightDecay());
    args.float32(u.momentum()).float32(1 - u.dampening());
    return args.int32(u.nesterov() ? 1 : 0).int32(u.step() == 1 ? 1 : 0);
  }

  private static Args adam(Update u, Args args) {
    boolean decoupled = u.rule() == Update.Rule.ADAMW;
    args.float32(decoupled ? 1 - u.rate() * u.weightDecay() : 1);
    args.float32(decoupled ? 0 : u.weightDecay());
    args.float32(u.beta1()).float32(1 - u.beta1());
    args.float32(u.beta2()).float32(1 - u.beta2());
    args.float32(u.rate() / (1 - StrictMath.pow(u.beta1(), u.step())));
    args.float32(1 / Math.sqrt(1 - StrictMath.pow(u.beta2(), u.step())));
    return args.float32(u.eps());
  }
}
