package akin.nn.metric.catalogue;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A part by the name that it has in the field.
 *
 * @param name lower case, words joined by dashes
 * @param about what it does, in one sentence
 * @param options what may be other than published
 * @param maker makes it with these options
 */
public record Entry<T>(
    String name,
    String about,
    List<Option> options,
    BiFunction<Setup, Options, ? extends T> maker) {
  /** Without options. */
  Entry(String name, String about, Function<Setup, ? extends T> maker) {
    this(name, about, List.of(), (setup, none) -> maker.apply(setup));
  }

  /** With its published defaults. */
  public T usual(Setup setup) {
    return with(setup, Map.of());
  }

  /**
   * With these values of its options, and the published ones of the others.
   *
   * @throws akin.tensor.UserError if it has no such option, or it may not have this value
   */
  public T with(Setup setup, Map<String, ?> given) {
    return maker.apply(setup, values(given));
  }

  /** The values of all its options; refused as by {@link #with}. */
  public Options values(Map<String, ?> given) {
    return new Options(name, options, given);
  }
}
