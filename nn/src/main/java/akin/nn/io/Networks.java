package akin.nn.io;

import akin.nn.StateDict;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The networks of a weight file: its arrays by the dictionary they lie in, without those of an
 * optimiser.
 */
final class Networks {
  /** Names under which training programs keep a network's state dict. */
  private static final Set<String> USUAL =
      Set.of(
          "state_dict",
          "model",
          "model_state",
          "model_state_dict",
          "net",
          "net_state_dict",
          "network",
          "weights",
          "params",
          "module");

  /** Averaged weights beside the last ones: never taken unasked. */
  private static final Set<String> AVERAGED =
      Set.of("ema", "model_ema", "state_dict_ema", "ema_state_dict", "params_ema");

  private static final Pattern TRAINING =
      Pattern.compile(
          "(.*\\.)?(optim(izer)?s?|opt)(_?state(s|_dict)?)?(\\..*)?"
              + "|(.*\\.)?(lr_)?schedulers?(_state_dict)?(\\..*)?"
              + "|(.*\\.)?(amp|(loss_|grad_|amp_)?scaler)(_state_dict)?(\\..*)?"
              + "|(.*\\.)?state\\.\\d+"); // an optimiser's, by parameter

  /** What wrappers of networks put before all names: DataParallel's, torch.compile's. */
  private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");

  private final WeightFile file;
  private final Map<String, List<WeightFile.Entry>> nests = new LinkedHashMap<>();

  private Networks(WeightFile file) {
    this.file = file;
    boolean flat = file.entries().values().stream().allMatch(entry -> entry.nest().isEmpty());
    boolean joined = flat && file.entries().keySet().stream().allMatch(Networks::namesItsNest);
    for (WeightFile.Entry entry : file.entries().values()) {
      String nest = joined ? first(entry.name()) : entry.nest();
      if (!TRAINING.matcher(nest).matches()) {
        nests.computeIfAbsent(nest, n -> new ArrayList<>()).add(entry);
      }
    }
  }

  /** The networks of a file. */
  static Networks in(WeightFile file) {
    return new Networks(file);
  }

  /** A format without nested dictionaries may have their names before every array's. */
  private static boolean namesItsNest(String name) {
    String first = first(name);
    return USUAL.contains(first) && !first.equals("module")
        || AVERAGED.contains(first)
        || TRAINING.matcher(first).matches();
  }

  private static String first(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /** The only network, or the only one under a usual name. */
  StateDict only() {
    if (nests.isEmpty()) {
      boolean none = file.entries().isEmpty();
      throw UserError.of(
              none
                  ? "the file holds no array"
                  : "the file holds an optimiser's state, but no network's weights")
          .at(file.file())
          .mend("give the file with the network's state dict");
    }
    List<String> names = new ArrayList<>(nests.keySet());
    if (names.size() > 1) {
      names.removeIf(nest -> nests.get(nest).stream().allMatch(Networks::isOneNumber));
    }
    if (names.size() > 1 && names.stream().anyMatch(Networks::isUsual)) {
      names.removeIf(nest -> !isUsual(nest));
    }
    if (names.size() != 1) {
      throw several(names.isEmpty() ? List.copyOf(nests.keySet()) : names);
    }
    return dict(nests.get(names.get(0)), names.get(0));
  }

  /** The arrays below a prefix. */
  StateDict at(String prefix) {
    List<WeightFile.Entry> below =
        file.entries().values().stream().filter(e -> e.name().startsWith(prefix + ".")).toList();
    if (below.isEmpty()) {
      throw UserError.of("no array's name begins with '" + prefix + ".'")
          .at(file.file())
          .rule("the arrays lie in " + shown(nests.keySet()))
          .mend("give one of these");
    }
    return dict(below, prefix);
  }

  private static boolean isUsual(String nest) {
    return USUAL.contains(nest.substring(nest.lastIndexOf('.') + 1));
  }

  /** Such as the best accuracy so far, kept as a tensor. */
  private static boolean isOneNumber(WeightFile.Entry entry) {
    return entry.bytes() == entry.type().bytes();
  }

  private UserError several(List<String> names) {
    return UserError.of("the file holds several networks")
        .at(file.file())
        .rule("one is needed; found " + shown(names))
        .mend("write one by itself: akin weights convert FILE --prefix NAME --out X.safetensors");
  }

  private static String shown(Iterable<String> nests) {
    List<String> names = new ArrayList<>();
    nests.forEach(nest -> names.add(nest.isEmpty() ? "(the outermost dictionary)" : nest));
    int most = 12;
    return names.size() <= most
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, most)) + " and " + (names.size() - most) + " more";
  }

  private static StateDict dict(List<WeightFile.Entry> entries, String nest) {
    int from = nest.isEmpty() ? 0 : nest.length() + 1;
    int skip = from;
    for (boolean wrapped = true; wrapped; ) {
      wrapped = false;
      for (String wrapper : WRAPPERS) {
        int at = skip;
        if (entries.stream().allMatch(entry -> entry.name().startsWith(wrapper, at))) {
          skip += wrapper.length();
          wrapped = true;
        }
      }
    }
    StateDict dict = new StateDict();
    for (WeightFile.Entry entry : entries) {
      dict.put(entry.name().substring(skip), entry.value());
    }
    return dict;
  }
}
