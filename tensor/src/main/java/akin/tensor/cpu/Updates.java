package akin.tensor.cpu;

import akin.tensor.backend.Update;

/** Fused steps of optimisers; plain loops, which the compiler vectorises. */
final class Updates {
  private final Workers workers;

  Updates(Workers workers) {
    this.workers = workers;
  }

  void update(Update u, float[] p, float[] g, float[] m, float[] v) {
    workers.range(
        p.length,
        Elements.GRAIN,
        (from, to) -> {
          if (u.rule() != Update.Rule.SGD) {
            adam(u, p, g, m, v, from, to);
          } else if (u.momentum() == 0) {
            plain(p, g, (float) u.rate(), (float) u.weightDecay(), from, to);
          } else {
            momentum(u, p, g, m, from, to);
          }
        });
  }

  private static void plain(float[] p, float[] g, float rate, float decay, int from, int to) {
    for (int i = from; i < to; i++) {
      p[i] = p[i] - rate * Math.fma(decay, p[i], g[i]);
    }
  }

  private static void momentum(Update u, float[] p, float[] g, float[] m, int from, int to) {
    boolean first = u.step() == 1;
    float rate = (float) u.rate();
    float decay = (float) u.weightDecay();
    float momentum = (float) u.momentum();
    if (first) {
      start(p, g, m, decay, from, to);
    } else {
      move(p, g, m, decay, momentum, (float) (1 - u.dampening()), from, to);
    }
    if (u.nesterov()) {
      nesterov(p, g, m, rate, decay, momentum, from, to);
    } else {
      step(p, m, rate, from, to);
    }
  }

  private static void start(float[] p, float[] g, float[] m, float decay, int from, int to) {
    for (int i = from; i < to; i++) {
      m[i] = Math.fma(decay, p[i], g[i]);
    }
  }

  private static void move(
      float[] p, float[] g, float[] m, float decay, float momentum, float fresh, int from, int to) {
    for (int i = from; i < to; i++) {
      m[i] = Math.fma(momentum, m[i], fresh * Math.fma(decay, p[i], g[i]));
    }
  }

  private static void step(float[] p, float[] m, float rate, int from, int to) {
    for (int i = from; i < to; i++) {
      p[i] = p[i] - rate * m[i];
    }
  }

  private static void nesterov(
      float[] p, float[] g, float[] m, float rate, float decay, float momentum, int from, int to) {
    for (int i = from; i < to; i++) {
      p[i] = p[i] - rate * Math.fma(momentum, m[i], Math.fma(decay, p[i], g[i]));
    }
  }

  private static void adam(Update u, float[] p, float[] g, float[] m, float[] v, int from, int to) {
    boolean decoupled = u.rule() == Update.Rule.ADAMW;
    float keep = decoupled ? (float) (1 - u.rate() * u.weightDecay()) : 1;
    float decay = decoupled ? 0 : (float) u.weightDecay();
    double corrected = 1 - StrictMath.pow(u.beta1(), u.step());
    float rate = (float) (u.rate() / corrected);
    float root = (float) (1 / Math.sqrt(1 - StrictMath.pow(u.beta2(), u.step())));
    adam(
        p,
        g,
        m,
        v,
        new Adam(
            keep,
            decay,
            (float) u.beta1(),
            (float) (1 - u.beta1()),
            (float) u.beta2(),
            (float) (1 - u.beta2()),
            rate,
            root,
            (float) u.eps()),
        from,
        to);
  }

  /** The constants of a step in float32. */
  private record Adam(
      float keep,
      float decay,
      float beta1,
      float fresh1,
      float beta2,
      float fresh2,
      float rate,
      float root,
      float eps) {}

  private static void adam(float[] p, float[] g, float[] m, float[] v, Adam s, int from, int to) {
    float keep = s.keep;
    float decay = s.decay;
    float beta1 = s.beta1;
    float fresh1 = s.fresh1;
    float beta2 = s.beta2;
    float fresh2 = s.fresh2;
    float rate = s.rate;
    float root = s.root;
    float eps = s.eps;
    for (int i = from; i < to; i++) {
      float slope = Math.fma(decay, p[i], g[i]);
      float mean = Math.fma(beta1, m[i], fresh1 * slope);
      float square = Math.fma(beta2, v[i], fresh2 * (slope * slope));
      m[i] = mean;
      v[i] = square;
      p[i] = keep * p[i] - rate * mean / Math.fma((float) Math.sqrt(square), root, eps);
    }
  }
}
