package akin.nn.metric;

import akin.tensor.Tensor;
import akin.tensor.backend.Unary;

/** ln Σ eˣ over each row without overflow: m + ln Σ e^(x − m), m the row's largest. */
public final class LogSumExp {
  /** Added to a number, it takes the number out of every sum: e to this is 0, in float32 too. */
  public static final double NOTHING = -1e30;

  /** Above it, ln(1 + eˣ) is x in float64. */
  private static final double LINEAR = 40;

  private LogSumExp() {}

  /**
   * [N, M] → [N, 1]; the gradient is the softmax of the row. About {@link #NOTHING} for a row of
   * nothing else.
   */
  public static Tensor of(Tensor rows) {
    Tensor m = rows.detach().amax(true, 1);
    return rows.sub(m).exp().sum(true, 1).log().add(m);
  }

  /** ln(1 + eˣ) of each number: of a sum's logarithm x, one more is summed. ∂/∂x = σ(x). */
  public static Tensor onePlus(Tensor x) {
    return x.map(Unary.SOFTPLUS, 1, LINEAR);
  }
}
