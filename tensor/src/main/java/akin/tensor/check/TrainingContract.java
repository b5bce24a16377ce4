package akin.tensor.check;

import static akin.tensor.check.BackendContract.SIZES;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend.Step;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Update;
import akin.tensor.backend.Update.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Cases for optimiser steps and random numbers. */
final class TrainingContract {
  private TrainingContract() {}

  static void addTo(List<ContractCase> cases) {
    int next = 0;
    for (long step : new long[] {1, 2, 1000}) {
      for (double decay : new double[] {0, 0.01}) {
        for (double rate : new double[] {0.1, 1e-4}) {
          int n = SIZES[next++ % SIZES.length];
          step(cases, n, Update.sgd(rate, 0, 0, false, decay, step));
          step(cases, n, Update.sgd(rate, 0.9, 0, false, decay, step));
          step(cases, n, Update.sgd(rate, 0.9, 0, true, decay, step));
          step(cases, n, Update.sgd(rate, 0.5, 0.25, false, decay, step));
          step(cases, n, Update.adam(Rule.ADAM, rate, 0.9, 0.999, 1e-8, decay, step));
          step(cases, n, Update.adam(Rule.ADAM, rate, 0.5, 0.9, 1e-3, decay, step));
          step(cases, n, Update.adam(Rule.ADAMW, rate, 0.9, 0.999, 1e-8, decay, step));
        }
      }
    }
    step(cases, BackendContract.MANY, Update.sgd(0.1, 0.9, 0, true, 0.1, 2));
    step(cases, BackendContract.MANY, Update.adam(Rule.ADAMW, 0.1, 0.9, 0.999, 1e-8, 0.1, 2));
    step(cases, 0, Update.sgd(0.1, 0.9, 0, true, 0.1, 1));
    step(cases, 0, Update.adam(Rule.ADAMW, 0.1, 0.9, 0.999, 1e-8, 0.1, 1));
    together(cases);
    for (int n : new int[] {0, 1, 3, 7, 8, 13, 64, 207, 702, BackendContract.MANY}) {
      random(cases, Noise.UNIFORM, n, 0, 1);
      random(cases, Noise.UNIFORM, n, -0.3, 0.2);
      random(cases, Noise.NORMAL, n, 0, 1);
      random(cases, Noise.NORMAL, n, -2, 0.02);
      random(cases, Noise.MASK, n, 0.9, 1 / 0.9);
      random(cases, Noise.MASK, n, 0.5, 2);
    }
  }

  private static void step(List<ContractCase> cases, int n, Update u) {
    cases.add(
        new ContractCase(
            "update",
            "n=" + n + ", " + u,
            t -> {
              Drawn drawn = draw(t, n, u);
              Step s = drawn.step;
              t.backend().update(s.rule(), s.parameter(), s.gradient(), s.m(), s.v());
              drawn.check.run();
            }));
  }

  /** Parameters of all sizes, by one rule and by several, at the same step and at others. */
  private static void together(List<ContractCase> cases) {
    Update plain = Update.sgd(0.1, 0, 0, false, 0, 2);
    Update first = Update.sgd(0.1, 0.9, 0, true, 0.01, 1);
    Update second = Update.sgd(0.1, 0.9, 0, true, 0.01, 2);
    Update straight = Update.sgd(0.1, 0.9, 0.25, false, 0.01, 1);
    Update adam = Update.adam(Rule.ADAM, 0.1, 0.9, 0.999, 1e-8, 0.01, 3);
    Update adamW = Update.adam(Rule.ADAMW, 0.1, 0.9, 0.999, 1e-8, 0.01, 3);
    Update free = Update.adam(Rule.ADAMW, 0.1, 0.9, 0.999, 1e-8, 0, 3);
    for (Update u : new Update[] {plain, first, second, straight, adam, adamW}) {
      together(cases, u + " for all", i -> u);
    }
    Update[] mixed = {adamW, free, adamW, plain, first, second, adam};
    together(cases, "several rules", i -> mixed[i % mixed.length]);
    cases.add(new ContractCase("updateAll", "none", t -> t.backend().updateAll(List.of())));
  }

  private static void together(List<ContractCase> cases, String name, IntFunction<Update> rules) {
    int[] sizes = {702, 1, 0, 64, 5000, 7, 207, 2048, 13, 0, 2049, 3, 8, 4096, 1};
    cases.add(
        new ContractCase(
            "updateAll",
            name,
            t -> {
              List<Drawn> drawn = new ArrayList<>();
              for (int i = 0; i < sizes.length; i++) {
                drawn.add(draw(t, sizes[i], rules.apply(i)));
              }
              t.backend().updateAll(drawn.stream().map(Drawn::step).toList());
              drawn.forEach(d -> d.check.run());
            }));
  }

  /** A step with drawn numbers, and the look at what came out. */
  private record Drawn(Step step, Runnable check) {}

  private static Drawn draw(ContractBench t, int n, Update u) {
    return u.rule() == Rule.SGD ? sgd(t, n, u) : adam(t, n, u);
  }

  private static Drawn sgd(ContractBench t, int n, Update u) {
    double[] p = t.normal(n);
    double[] g = t.normal(n);
    double[] m = t.normal(n);
    boolean first = u.step() == 1; // then m may hold anything
    Buffer bufferP = t.in(p);
    Buffer bufferM = u.momentum() == 0 ? null : first ? t.out(n) : t.in(m);
    double[] ofM = new double[n];
    double[] ofP = new double[n];
    for (int i = 0; i < n; i++) {
      double gradient = Math.abs(g[i]) + u.weightDecay() * Math.abs(p[i]);
      ofM[i] = gradient + (first ? 0 : u.momentum() * Math.abs(m[i]));
      ofP[i] = Math.abs(p[i]) + u.rate() * (gradient + ofM[i]);
    }
    return new Drawn(
        new Step(u, bufferP, t.in(g), bufferM, null),
        () -> {
          t.check("p", bufferP, Bound.of(12, ofP));
          if (bufferM != null) {
            t.check("m", bufferM, Bound.of(8, ofM));
          }
        });
  }

  /**
   * Weights such as 1 − β₂ must be computed in float64: in float32 1 − 0.999f is off by 5e-5. The
   * step is rate·m̂/(√v̂ + eps), where a rounding of the gradient enters above and below.
   */
  private static Drawn adam(ContractBench t, int n, Update u) {
    boolean first = u.step() == 1;
    double[] p = t.normal(n);
    double[] g = t.normal(n);
    double[] m = first ? new double[n] : t.normal(n);
    double[] v = first ? new double[n] : t.uniform(n, 0, 2);
    Buffer bufferP = t.in(p);
    Buffer bufferM = t.in(m);
    Buffer bufferV = t.in(v);
    double decay = u.rule() == Rule.ADAM ? u.weightDecay() : 0;
    double rate = u.rate() / (1 - Math.pow(u.beta1(), u.step()));
    double scale = Math.sqrt(1 - Math.pow(u.beta2(), u.step()));
    double[] ofM = new double[n];
    double[] ofV = new double[n];
    double[] ofP = new double[n];
    for (int i = 0; i < n; i++) {
      double gradient = Math.abs(g[i]) + decay * Math.abs(p[i]);
      double net = g[i] + decay * p[i];
      double below = Math.sqrt(u.beta2() * v[i] + (1 - u.beta2()) * net * net) / scale + u.eps();
      ofM[i] = u.beta1() * Math.abs(m[i]) + (1 - u.beta1()) * gradient;
      ofV[i] = u.beta2() * v[i] + (1 - u.beta2()) * gradient * gradient;
      double belowRounded = 1 + Math.sqrt(1 - u.beta2()) * gradient / scale / below;
      ofP[i] = Math.abs(p[i]) + rate * ofM[i] / below * belowRounded;
    }
    return new Drawn(
        new Step(u, bufferP, t.in(g), bufferM, bufferV),
        () -> {
          t.check("p", bufferP, Bound.of(24, ofP));
          t.check("m", bufferM, Bound.of(8, ofM));
          t.check("v", bufferV, Bound.of(10, ofV));
        });
  }

  private static void random(List<ContractCase> cases, Noise noise, int n, double a, double b) {
    String name = noise + ", n=" + n + ", a=" + a + ", b=" + b;
    cases.add(
        new ContractCase(
            "random",
            name,
            t -> {
              RandomStream stream = RandomStream.of(n, "noise").child(3);
              Buffer y = t.out(n);
              t.backend().random(noise, stream, a, b, y);
              double[] magnitude = new double[n];
              for (int i = 0; i < n; i++) {
                double drawn = noise.at(stream, i, 0, 1);
                magnitude[i] =
                    switch (noise) {
                      case UNIFORM -> Math.abs(a) + Math.abs(b);
                      case NORMAL -> Math.abs(a) + Math.abs(b * drawn);
                      case MASK -> noise.at(stream, i, a, b); // 0 must be 0
                    };
              }
              t.check("y", y, Bound.of(4, magnitude));
            }));
  }
}
