package akin.cuda.teach;

import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.observe.Trace;
import akin.cuda.sim.ptx.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * What a register, or an address, is in each lane of a warp, as a person reads it.
 *
 * @param name of the register
 * @param values of the 32 lanes
 * @param rule one line that says it all, such as {@code 7 in all lanes} or {@code 256 + 4 · lane};
 *     null where there is none
 */
record LaneValues(String name, List<String> values, String rule) {
  /** Numbers of 64 bits beyond it are addresses. */
  private static final long LARGEST_COUNT = 1L << 36;

  static LaneValues of(Trace.Value value) {
    boolean whole = value.type() != Type.PRED && !value.type().floating();
    List<String> values = new ArrayList<>();
    for (int lane = 0; lane < Warp.LANES; lane++) {
      values.add(whole ? text(number(value, lane)) : value.text(lane));
    }
    String rule = null;
    if (values.stream().distinct().count() == 1) {
      rule = values.get(0) + " in all lanes";
    } else if (whole) {
      rule = progression(value);
    }
    return new LaneValues(value.name(), List.copyOf(values), rule);
  }

  private static long number(Trace.Value value, int lane) {
    return Long.parseLong(value.text(lane));
  }

  private static String progression(Trace.Value value) {
    long first = number(value, 0);
    long by = number(value, 1) - first;
    for (int lane = 2; lane < Warp.LANES; lane++) {
      if (number(value, lane) - first != by * lane) {
        return null;
      }
    }
    String start = first == 0 ? "" : text(first) + " ";
    String sign = by < 0 ? "− " : first == 0 ? "" : "+ ";
    return start + sign + (Math.abs(by) == 1 ? "lane" : text(Math.abs(by)) + " · lane");
  }

  /** A whole number; addresses in base 16. */
  static String text(long number) {
    return number < LARGEST_COUNT && number > -LARGEST_COUNT
        ? Long.toString(number)
        : "0x" + Long.toHexString(number);
  }
}
