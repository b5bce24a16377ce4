package akin.nn.backbone;

import akin.nn.Resampling;
import akin.nn.StateDict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How another library calls the weights of a network. One line for each kind of name:
 *
 * <pre>
 * pre_layrnorm.*              -> encoder.ln_pre.*           * is any text
 * blocks.#.norm1.*            -> layers.encoder_layer_#.ln_1.*      # is a number
 * q.@ + k.@ + v.@             -> in_proj_@                  rows joined; @ is weight or bias
 * proj^T                      -> heads.head.weight          transposed
 * mask_token                  -> -                          left out
 * /logit_scale                -> -                          / : not behind the prefix
 * </pre>
 *
 * The first line that fits counts. A map is recognised by names that only its library has.
 *
 * @param origin whose names they are
 * @param signs names by which it is recognised, all together
 * @param resampling how the library brings positions to another grid
 * @param prefixes what may stand before all names of the network, such as {@code visual.}
 * @param rules the lines
 */
record NameMap(
    String origin,
    List<String> signs,
    Resampling resampling,
    List<String> prefixes,
    List<Rule> rules) {
  /**
   * A line.
   *
   * @param sources names that become one, as patterns
   * @param absolute whether the prefix is not taken off first
   * @param transposed whether a matrix is turned
   * @param target a name, or {@code -}
   */
  record Rule(List<Pattern> sources, boolean absolute, boolean transposed, String target) {
    private static Rule of(String line) {
      String[] sides = line.split("->");
      String left = sides[0].strip();
      boolean absolute = left.startsWith("/");
      boolean transposed = left.endsWith("^T");
      String names = left.substring(absolute ? 1 : 0, left.length() - (transposed ? 2 : 0));
      List<Pattern> sources = new ArrayList<>();
      for (String name : names.split("\\+")) {
        sources.add(pattern(name.strip()));
      }
      return new Rule(List.copyOf(sources), absolute, transposed, sides[1].strip());
    }

    private static Pattern pattern(String name) {
      return Pattern.compile(
          Pattern.quote(name)
              .replace("#", "\\E(\\d+)\\Q")
              .replace("@", "\\E(weight|bias)\\Q")
              .replace("*", "\\E(.+)\\Q"));
    }

    /** The target with what the pattern's places stood for. */
    private String target(Matcher matcher) {
      StringBuilder name = new StringBuilder();
      int group = 1;
      for (char c : target.toCharArray()) {
        if (c == '#' || c == '@' || c == '*') {
          name.append(matcher.group(group++));
        } else {
          name.append(c);
        }
      }
      return name.toString();
    }
  }

  /** A map of these lines. */
  static NameMap of(
      String origin,
      Resampling resampling,
      List<String> signs,
      List<String> prefixes,
      String lines) {
    List<Rule> rules = lines.lines().filter(l -> l.contains("->")).map(Rule::of).toList();
    return new NameMap(origin, signs, resampling, prefixes, rules);
  }

  /** What stands before all names of these weights if they are this library's; else null. */
  String prefix(StateDict weights) {
    for (String prefix : prefixes) {
      if (signs.stream().allMatch(sign -> weights.values().containsKey(prefix + sign))) {
        return prefix;
      }
    }
    return null;
  }

  /** Where an array goes: the target's name and which part of it. */
  private record Place(String target, int part, Rule rule) {}

  /**
   * The same weights under the network's names. What no line names keeps its name; so do parts of
   * an array of which another is missing, and what would take the place of another.
   *
   * @param prefix from {@link #prefix}
   * @param leftOut told the names of what is left out
   */
  StateDict apply(StateDict weights, String prefix, Consumer<String> leftOut) {
    StateDict renamed = new StateDict();
    Map<String, Map<Integer, String>> parts = new LinkedHashMap<>(); // source names by target
    weights
        .values()
        .forEach(
            (name, value) -> {
              Place place = place(name, prefix);
              if (place == null) {
                renamed.put(name, value);
              } else if (place.target.equals("-")) {
                leftOut.accept(name);
              } else if (place.rule.sources.size() == 1) {
                boolean taken = renamed.values().containsKey(place.target);
                renamed.put(
                    taken ? name : place.target,
                    place.rule.transposed && !taken ? value.transposed() : value);
              } else {
                Map<Integer, String> of = parts.computeIfAbsent(place.target, t -> new TreeMap<>());
                of.put(place.part, name);
                if (of.size() == place.rule.sources.size()) {
                  renamed.put(
                      place.target,
                      StateDict.Value.joined(
                          of.values().stream().map(weights.values()::get).toList()));
                  parts.remove(place.target);
                }
              }
            });
    parts.values().forEach(of -> of.values().forEach(n -> renamed.put(n, weights.values().get(n))));
    return renamed;
  }

  private Place place(String name, String prefix) {
    boolean inside = name.startsWith(prefix);
    for (Rule rule : rules) {
      if (!rule.absolute && !inside) {
        continue;
      }
      String own = rule.absolute ? name : name.substring(prefix.length());
      for (int part = 0; part < rule.sources.size(); part++) {
        Matcher matcher = rule.sources.get(part).matcher(own);
        if (matcher.matches()) {
          return new Place(rule.target(matcher), part, rule);
        }
      }
    }
    return null;
  }
}
