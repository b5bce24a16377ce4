package akin.cuda.teach;

import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Calls that do the same to each element. */
final class ElementExamples {
  private ElementExamples() {}

  static List<Example> unary() {
    List<Example> all = new ArrayList<>();
    all.add(new Example("affine(2, x, 1, y)", (b, on, n) -> on.affine(2, b.drawn(n), 1, b.out(n))));
    for (Unary f : Unary.values()) {
      all.add(
          new Example(
              "unary(" + f + ", x, y)",
              (b, on, n) -> on.unary(f, 1.5, 2, b.drawn(n, f.low(), f.high()), b.out(n))));
    }
    return all;
  }

  static List<Example> unaryGrad() {
    List<Example> all = new ArrayList<>();
    for (Unary f : Unary.values()) {
      all.add(
          new Example(
              "unaryGrad(" + f + ", x, y, dy, dx)",
              (b, on, n) -> {
                Buffer x = b.drawn(n, f.low(), f.high());
                Buffer y = b.empty(n);
                on.unary(f, 1.5, 2, x, y);
                on.unaryGrad(f, 1.5, 2, x, y, b.drawn(n), b.out(n));
              }));
    }
    return all;
  }

  /** Two arrays of one shape, and one whose columns are stretched. */
  private static List<Broadcast> pairs(int n) {
    Shape whole = Shape.of(Example.rows(n), Example.WIDTH);
    return List.of(Broadcast.of(whole, whole), Broadcast.of(whole, Shape.of(Example.rows(n), 1)));
  }

  private static long bLength(int pair, int n) {
    return pair == 0 ? (long) Example.rows(n) * Example.WIDTH : Example.rows(n);
  }

  static List<Example> binary() {
    List<Example> all = new ArrayList<>();
    for (Binary f : Binary.values()) {
      for (int i = 0; i < 2; i++) {
        int pair = i;
        all.add(
            new Example(
                "binary(" + f + ", a, " + (pair == 0 ? "b" : "b of one column") + ", y)",
                (b, on, n) -> {
                  Broadcast s = pairs(n).get(pair);
                  Buffer x = b.drawn(s.count(), 0.2, 2);
                  on.binary(f, x, b.drawn(bLength(pair, n), 0.2, 2), b.out(s.count()), s);
                }));
      }
    }
    return all;
  }

  static List<Example> binaryGrad() {
    List<Example> all = new ArrayList<>();
    for (Binary f : Binary.values()) {
      for (int i = 0; i < 4; i++) {
        int pair = i / 2;
        boolean first = i % 2 == 0;
        all.add(
            new Example(
                String.format(
                    Locale.ROOT,
                    "binaryGrad(%s by %s, a, %s, y, dy, g)",
                    f,
                    first ? "a" : "b",
                    pair == 0 ? "b" : "b of one column"),
                (b, on, n) -> {
                  Broadcast s = pairs(n).get(pair);
                  Buffer x = b.drawn(s.count(), 0.2, 2);
                  Buffer w = b.drawn(bLength(pair, n), 0.2, 2);
                  Buffer y = b.empty(s.count());
                  on.binary(f, x, w, y, s);
                  on.binaryGrad(f, first, x, w, y, b.drawn(s.count()), b.out(s.count()), s);
                }));
      }
    }
    return all;
  }

  static List<Example> update() {
    return List.of(
        updated("SGD", Update.sgd(0.1, 0, 0, false, 0.01, 2), 0),
        updated("SGD with momentum", Update.sgd(0.1, 0.9, 0, false, 0.01, 2), 1),
        updated("ADAM", Update.adam(Update.Rule.ADAM, 0.001, 0.9, 0.999, 1e-8, 0.01, 2), 2));
  }

  private static Example updated(String rule, Update u, int states) {
    return new Example(
        "update(" + rule + ", p, g, states)",
        (b, on, n) -> {
          Buffer p = b.out(b.drawn(n));
          Buffer m = states > 0 ? b.out(b.drawn(n)) : null;
          Buffer v = states > 1 ? b.out(b.drawn(n, 0, 1)) : null;
          on.update(u, p, b.drawn(n), m, v);
        });
  }

  static List<Example> random() {
    List<Example> all = new ArrayList<>();
    for (Noise noise : Noise.values()) {
      all.add(
          new Example(
              "random(" + noise + ", 0.25, 2, y)",
              (b, on, n) -> on.random(noise, b.stream(), 0.25, 2, b.out(n))));
    }
    return all;
  }
}
