package akin.tests;

import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Unary;
import java.util.function.BiConsumer;

/**
 * A kernel's fault is told by whatever is asked next. Here each kind of call is the next after a
 * launch of {@code unary_exp}, and tells of a fault.
 */
enum StandInFaults {
  ALLOCATION("cuMemAlloc:1:700!", (cuda, x) -> cuda.release(cuda.allocate(4096))),
  UPLOAD("cuMemcpyHtoDAsync:1:700!", (cuda, x) -> cuda.upload(new float[64], x)),
  DOWNLOAD("cuMemcpyDtoHAsync:1:700!", (cuda, x) -> cuda.download(x, new float[64])),
  FILL("cuMemsetD32Async:1:716!", (cuda, x) -> cuda.fill(x, 1)),
  LAUNCH("cuLaunchKernel:1:719!", (cuda, x) -> cuda.unary(Unary.NEG, 0, 0, x, x)),
  CUBLAS("cublasSgemm:1:13!", (cuda, x) -> product(cuda, x)),
  CUDNN("cudnnSoftmaxForward:1:8!", (cuda, x) -> cuda.softmax(false, x, x, 8, 8, 1));

  private final String plan;
  private final BiConsumer<Backend, Buffer> call;

  StandInFaults(String plan, BiConsumer<Backend, Buffer> call) {
    this.plan = plan;
    this.call = call;
  }

  private static void product(Backend cuda, Buffer x) {
    Buffer y = cuda.allocate(64);
    try {
      cuda.matmul(x, false, x, false, y, 1, 8, 8, 8);
    } finally {
      cuda.release(y);
    }
  }

  /** What the call tells, on a card of its own. */
  String told() {
    try (Backend cuda = Backends.open("cuda", 1)) {
      Buffer x = cuda.allocate(64);
      cuda.fill(x, 0.5);
      cuda.unary(Unary.EXP, 0, 0, x, x);
      StandInCard.configure("AKIN_STANDIN_FAIL", plan);
      try {
        call.accept(cuda, x);
        return "nothing";
      } catch (UserError e) {
        return e.what();
      } finally {
        cuda.release(x);
        StandInCard.configure("AKIN_STANDIN_FAIL", "");
      }
    }
  }
}
