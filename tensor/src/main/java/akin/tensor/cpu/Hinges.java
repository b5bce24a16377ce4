package akin.tensor.cpu;

/**
 * Hinges [near_j − far_k + margin]₊ of one anchor. Each number is taken in order of the other side
 * by itself, so that its bits depend on nothing else.
 */
interface Hinges {
  /** sums[k] = Σ_j [near_j − far_k + margin]₊ for k &lt; m, counts[k] = how many are above 0. */
  void ofFar(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] sums,
      float[] counts);

  /** counts[j] = how many of near_j − far_k + margin, k &lt; m, are above 0, for j &lt; p. */
  void ofNear(
      float margin, float[] near, int nearAt, int p, float[] far, int farAt, int m, float[] counts);
}
