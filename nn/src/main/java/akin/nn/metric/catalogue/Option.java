package akin.nn.metric.catalogue;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A number or a choice of a part that has a published value and may have another.
 *
 * @param usual the published value; of a choice, its place in {@code choices}
 * @param least the smallest that it may be
 * @param most the largest that it may be
 * @param whole whether it has no fraction
 * @param choices what it is one of; empty for numbers
 */
public record Option(
    String name, double usual, double least, double most, boolean whole, List<String> choices) {
  private static final double TINY = 1e-30; // what is above 0 is at least as large

  /** A number within bounds, which may be infinite. */
  static Option within(String name, double usual, double least, double most) {
    return new Option(name, usual, least, most, false, List.of());
  }

  /** A number of at least 0. */
  static Option notNegative(String name, double usual) {
    return within(name, usual, 0, Float.MAX_VALUE);
  }

  /** A number above 0. */
  static Option positive(String name, double usual) {
    return within(name, usual, TINY, Float.MAX_VALUE);
  }

  /** An angle in radians, below π. */
  static Option angle(String name, double usual) {
    return within(name, usual, 0, 3.14);
  }

  /** A whole number of at least 1. */
  static Option count(String name, int usual) {
    return new Option(name, usual, 1, Integer.MAX_VALUE, true, List.of());
  }

  /** True or false. */
  static Option flag(String name, boolean usual) {
    return new Option(name, usual ? 1 : 0, 0, 1, true, List.of("false", "true"));
  }

  /** One of several, by its name. */
  static Option choice(String name, Enum<?> usual) {
    List<String> names =
        Arrays.stream(usual.getDeclaringClass().getEnumConstants())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();
    return new Option(name, usual.ordinal(), 0, names.size() - 1, true, names);
  }

  /** What it may be, in words. */
  public String rule() {
    if (!choices.isEmpty()) {
      return String.join(" or ", choices);
    }
    String what = whole ? "a whole number" : "a number";
    if (least == TINY) {
      return what + " above 0";
    }
    return most >= Integer.MAX_VALUE
        ? what + " of at least " + text(least)
        : what + " from " + text(least) + " to " + text(most);
  }

  /** The published value, as recipes write it. */
  public String published() {
    return choices.isEmpty() ? text(usual) : String.valueOf(shown(usual));
  }

  /** A value as recipes write it: a number, true or false, or a name. */
  Object shown(double value) {
    if (choices.isEmpty()) {
      return whole ? (Object) (long) value : (Object) value;
    }
    String name = choices.get((int) value);
    return choices.contains("true") ? (Object) Boolean.valueOf(name) : name;
  }

  /**
   * The number that stands for a value of a recipe.
   *
   * @param given a number, true or false, or a name
   * @throws UserError if it may not be that
   */
  double read(Object given) {
    if (!choices.isEmpty()) {
      int at = choices.indexOf(String.valueOf(given).toLowerCase(Locale.ROOT));
      if (at < 0) {
        throw refused(given).mend(NearestName.hint(String.valueOf(given), choices));
      }
      return at;
    }
    if (!(given instanceof Number number)) {
      throw refused(given);
    }
    double value = number.doubleValue();
    if (!(value >= least && value <= most) || whole && value != Math.rint(value)) {
      throw refused(given);
    }
    return value;
  }

  private UserError refused(Object given) {
    return UserError.of("option " + name + " cannot be " + given).rule("it is " + rule());
  }

  private static String text(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
