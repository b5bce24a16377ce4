package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Backend.Step;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Update;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Steps of the optimisers: one launch for all parameters that move by the same rule, however many,
 * which find their numbers by a table. What depends on the step alone is computed here, in float64.
 */
final class Updates {
  /** Elements that a block moves. */
  private static final int BLOCK_ELEMENTS = 2048;

  /** Numbers of 64 bits that a parameter has in the table. */
  private static final int ENTRY = 6;

  private final Launcher launcher;

  Updates(Launcher launcher) {
    this.launcher = launcher;
  }

  /**
   * @param address where a buffer lies; 0 for null
   */
  void update(List<Step> steps, ToLongFunction<Buffer> address) {
    Map<Update, List<Step>> byRule =
        steps.stream()
            .filter(s -> s.parameter().length() > 0)
            .collect(Collectors.groupingBy(Step::rule, LinkedHashMap::new, Collectors.toList()));
    byRule.forEach((rule, same) -> launch(rule, same, address));
  }

  private void launch(Update u, List<Step> steps, ToLongFunction<Buffer> address) {
    long[] table = new long[ENTRY * steps.size()];
    long blocks = 0;
    int at = 0;
    for (Step s : steps) {
      table[at++] = address.applyAsLong(s.parameter());
      table[at++] = address.applyAsLong(s.gradient());
      table[at++] = address.applyAsLong(s.m());
      table[at++] = address.applyAsLong(s.v());
      table[at++] = s.parameter().length();
      table[at++] = blocks;
      blocks += (s.parameter().length() + BLOCK_ELEMENTS - 1) / BLOCK_ELEMENTS;
    }
    Grid grid = Grid.of(Math.toIntExact(blocks), Launcher.BLOCK);
    try (DevicePool.Scratch place = launcher.upload(table)) {
      Args args = Args.of().pointer(place.address()).int32(steps.size());
      launcher.launch(KernelFile.UPDATE, kernel(u), grid, options(u, args));
    }
  }

  private static String kernel(Update u) {
    return u.rule() != Update.Rule.SGD
        ? "update_adam"
        : u.momentum() == 0 ? "update_sgd" : "update_momentum";
  }

  private static Args options(Update u, Args args) {
    return u.rule() != Update.Rule.SGD ? adam(u, args) : sgd(u, args);
  }

  private static Args sgd(Update u, Args args) {
    args.float32(u.rate()).float32(u.weightDecay());
    if (u.momentum() != 0) {
      args.float32(u.momentum()).float32(1 - u.dampening());
      args.int32(u.nesterov() ? 1 : 0).int32(u.step() == 1 ? 1 : 0);
    }
    return args;
  }

  private static Args adam(Update u, Args args) {
    boolean decoupled = u.rule() == Update.Rule.ADAMW;
    args.float32(decoupled ? 1 - u.rate() * u.weightDecay() : 1);
    args.float32(decoupled ? 0 : u.weightDecay());
    args.float32(u.beta1()).float32(1 - u.beta1());
    args.float32(u.beta2()).float32(1 - u.beta2());
    args.float32(u.rate() / (1 - StrictMath.pow(u.beta1(), u.step())));
    args.float32(1 / Math.sqrt(1 - StrictMath.pow(u.beta2(), u.step())));
    return args.float32(u.eps());
  }
}
