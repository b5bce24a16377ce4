package akin.tensor.cpu;

/** Hinges by plain loops; from an element on, so that they also serve as tails. */
final class ScalarHinges implements Hinges {
  @Override
  public void ofFar(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] sums,
      float[] counts) {
    ofFar(margin, near, nearAt, p, far, farAt, m, sums, counts, 0);
  }

  static void ofFar(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] sums,
      float[] counts,
      int from) {
    for (int k = from; k < m; k++) {
      float sum = 0;
      int count = 0;
      for (int j = 0; j < p; j++) {
        float l = near[nearAt + j] - far[farAt + k] + margin;
        sum += Math.max(l, 0f); // NaN stays
        count += l > 0 ? 1 : 0;
      }
      sums[k] = sum;
      counts[k] = count;
    }
  }

  @Override
  public void ofNear(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] counts) {
    ofNear(margin, near, nearAt, p, far, farAt, m, counts, 0);
  }

  static void ofNear(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] counts,
      int from) {
    for (int j = from; j < p; j++) {
      int count = 0;
      for (int k = 0; k < m; k++) {
        count += near[nearAt + j] - far[farAt + k] + margin > 0 ? 1 : 0;
      }
      counts[j] = count;
    }
  }
}
