package akin.tensor.backend;

/**
 * Distances between vectors x and y of D numbers, each with its gradient with respect to x: the
 * smaller, the more alike. All but {@link #DOT} are at least 0.
 */
public enum Distance {
  /** d = √Σ(x − y)²; ∂d/∂x = (x − y)/d, and 0 where d = 0. */
  EUCLIDEAN,
  /** d² = Σ(x − y)²; ∂d²/∂x = 2(x − y). */
  SQUARED,
  /**
   * d = 1 − x̂·ŷ where x̂ = x/max(‖x‖, 1e-8), ŷ alike; ∂d/∂x = −(ŷ − (x̂·ŷ)x̂)/‖x‖, and −ŷ/1e-8
   * where ‖x‖ ≤ 1e-8.
   */
  COSINE,
  /** d = −x·y, so that the nearest is that of the largest product; ∂d/∂x = −y. */
  DOT,
  /** d = Σ|x − y|; ∂d/∂x = sign(x − y). */
  L1
}
