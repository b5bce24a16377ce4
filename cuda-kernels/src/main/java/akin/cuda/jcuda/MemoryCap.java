package akin.cuda.jcuda;

import akin.tensor.UserError;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a card's memory is used: {@code -Dakin.cuda.memory=6g}, written as the JVM's sizes
 * are, or nine tenths of what is free when the card is opened.
 */
final class MemoryCap {
  static final String PROPERTY = "akin.cuda.memory";

  /** The rest is for the driver, for the libraries and for the screen. */
  private static final double USED = 0.9;

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,6})([kmg])");

  private MemoryCap() {}

  /** The most bytes to use of a card that has so many free. */
  static long of(long free) {
    String told = System.getProperty(PROPERTY);
    if (told == null) {
      return (long) (USED * free);
    }
    Matcher size = SIZE.matcher(told.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw UserError.of("'" + told + "' is no size of memory")
          .at("-D" + PROPERTY)
          .rule("a whole number and k, m or g")
          .mend("-D" + PROPERTY + "=6g, or leave it out for nine tenths of what is free");
    }
    return Long.parseLong(size.group(1)) << 10 * ("kmg".indexOf(size.group(2)) + 1);
  }
}
