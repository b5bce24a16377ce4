package akin.nn.metric.catalogue;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of all options of a part: those given, and the published ones of the others. */
public final class Options {
  private final Map<Option, Double> values = new LinkedHashMap<>();

  /**
   * Joins what is given with what is published.
   *
   * @param part whose options they are, for messages
   * @throws UserError if the part has no such option, or it may not have this value
   */
  Options(String part, List<Option> options, Map<String, ?> given) {
    List<String> names = options.stream().map(Option::name).toList();
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        throw unknown(part, name, names);
      }
    }
    for (Option option : options) {
      Object value = given.get(option.name());
      values.put(option, value == null ? Double.valueOf(option.usual()) : option.read(value));
    }
  }

  /**
   * Refuses an option that would do nothing beside another, unless it is as published.
   *
   * @param needed what it does something with, such as {@code soft: false}
   */
  void refuseUnused(String name, String needed) {
    for (Option option : values.keySet()) {
      if (option.name().equals(name) && values.get(option) != option.usual()) {
        throw UserError.of("option " + name + " does nothing here")
            .rule("it goes with " + needed)
            .mend("say " + needed + ", or leave " + name + " away");
      }
    }
  }

  private static UserError unknown(String part, String name, List<String> names) {
    UserError error = UserError.of(part + " has no option " + name);
    return names.isEmpty()
        ? error.rule("it has no options").mend("leave it away")
        : error
            .rule("its options: " + String.join(", ", names))
            .mend(NearestName.hint(name, names));
  }

  /** A number. */
  double number(String name) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .findAny()
        .orElseThrow()
        .getValue();
  }

  /** A whole number, or the place of a choice. */
  int whole(String name) {
    return (int) number(name);
  }

  /** True or false. */
  boolean flag(String name) {
    return whole(name) == 1;
  }

  /** All of them by name, as recipes write them. */
  public Map<String, Object> written() {
    Map<String, Object> written = new LinkedHashMap<>();
    values.forEach((option, value) -> written.put(option.name(), option.shown(value)));
    return written;
  }
}
