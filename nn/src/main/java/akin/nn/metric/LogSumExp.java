package akin.nn.metric;

import akin.tensor.Tensor;

/** ln Σ eˣ over each row without overflow: m + ln Σ e^(x − m), m the row's largest. */
public final class LogSumExp {
  private LogSumExp() {}

  /** [N, M] → [N, 1]; the gradient is the softmax of the row. */
  public static Tensor of(Tensor rows) {
    Tensor m = rows.detach().amax(true, 1);
    return rows.sub(m).exp().sum(true, 1).log().add(m);
  }
}
