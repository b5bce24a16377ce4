package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.tensor.Shape;
import akin.tensor.UserError;

/**
 * What a loss keeps for its classes: k vectors of D coordinates for each of C classes.
 *
 * @param name in the state dict
 * @param classes C
 * @param each k; those of class c stand together, at c·k … c·k + k − 1
 * @param width D
 * @param columns whether they are columns [D, C·k], else rows [C·k, D]
 */
record ClassVectors(String name, int classes, int each, int width, boolean columns) {
  ClassVectors {
    check("classes", classes);
    check("vectors of each class", each);
    check("coordinates", width);
  }

  static ClassVectors columns(String name, int classes, int each, int width) {
    return new ClassVectors(name, classes, each, width, true);
  }

  static ClassVectors rows(String name, int classes, int width) {
    return new ClassVectors(name, classes, 1, width, false);
  }

  Shape shape() {
    int all = Math.multiplyExact(classes, each);
    return columns ? Shape.of(width, all) : Shape.of(all, width);
  }

  /** First values of heads as in MDFE: short vectors, which turn fast. */
  Initializer xavier() {
    return Initializer.xavierUniform(width, (long) classes * each);
  }

  private static void check(String what, int number) {
    if (number < 1) {
      throw UserError.of("a loss with class vectors cannot have " + number + " " + what)
          .rule("at least 1");
    }
  }
}
