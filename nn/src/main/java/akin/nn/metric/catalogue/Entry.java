package akin.nn.metric.catalogue;

import java.util.function.Function;

/**
 * A part by the name that it has in the field.
 *
 * @param name lower case, words joined by dashes
 * @param about what it does, in one sentence
 * @param maker makes it with its published defaults
 */
public record Entry<T>(String name, String about, Function<Setup, ? extends T> maker) {
  /** With its published defaults. */
  public T usual(Setup setup) {
    return maker.apply(setup);
  }
}
