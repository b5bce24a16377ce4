package akin.tensor.backend;

/** What a fused epilogue applies to the sum of product, bias and residual. */
public enum Activation {
  /** y = x. */
  IDENTITY,
  /** y = max(x, 0). */
  RELU,
  /** y = min(max(x, 0), 6). */
  RELU6
}
