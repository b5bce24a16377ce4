package akin.tensor;

import java.nio.file.Path;

/**
 * A mistake of the user's, told in one message: what is wrong, where, the rule that it breaks, and
 * the mend. The command line prints the message and exits; it never prints a stack trace for one.
 *
 * <pre>{@code
 * throw UserError.of("attribute count does not match the header")
 *     .at(file, 7).rule("40 names need 40 values; found 39").mend("restore the line's last value");
 * }</pre>
 */
public class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String where;
  private final String rule;
  private final String mend;

  private UserError(String what, String where, String rule, String mend, Throwable cause) {
    super(message(what, where, rule, mend), cause);
    this.what = what;
    this.where = where;
    this.rule = rule;
    this.mend = mend;
  }

  /**
   * For rooms that tell kinds of errors apart.
   *
   * @param mend what to do about it
   */
  protected UserError(String what, String mend) {
    this(what, null, null, mend, null);
  }

  /** Begins the message with what is wrong. */
  public static UserError of(String what) {
    return new UserError(what, null, null, null, null);
  }

  /** Adds the file. */
  public UserError at(Path file) {
    return new UserError(what, file.toString(), rule, mend, getCause());
  }

  /** Adds the file and the line, counted from 1. */
  public UserError at(Path file, long line) {
    return new UserError(what, file + ":" + line, rule, mend, getCause());
  }

  /** Adds a place that is no file: an option, a query, a step of training. */
  public UserError at(String place) {
    return new UserError(what, place, rule, mend, getCause());
  }

  /** Adds the rule that was broken, with the numbers that broke it. */
  public UserError rule(String rule) {
    return new UserError(what, where, rule, mend, getCause());
  }

  /** Adds what to do about it. */
  public UserError mend(String mend) {
    return new UserError(what, where, rule, mend, getCause());
  }

  /** Keeps the exception behind the mistake, for developers; it is not printed. */
  public UserError because(Throwable cause) {
    return new UserError(what, where, rule, mend, cause);
  }

  /** What is wrong, without place, rule and mend. */
  public String what() {
    return what;
  }

  private static String message(String what, String where, String rule, String mend) {
    StringBuilder text = new StringBuilder();
    if (where != null) {
      text.append(where).append(": ");
    }
    text.append(what);
    if (rule != null) {
      text.append("\n  rule: ").append(rule);
    }
    if (mend != null) {
      text.append("\n  mend: ").append(mend);
    }
    return text.toString();
  }
}
