package akin.tensor.plan;

import akin.tensor.op.Op;
import java.util.List;

/**
 * One entry of a {@link Graph}.
 *
 * @param work what is computed
 * @param path names of the layers around it, joined by dots
 * @param inputs what it reads
 * @param output what it makes; no other node makes it
 */
public record Node(Work work, String path, List<Value> inputs, Value output) {
  /** An operator as it is traced. */
  public static Node of(Op op, String path, List<Value> inputs, Value output) {
    return new Node(new Work.Operator(op), path, List.copyOf(inputs), output);
  }

  /** One line for people: name, layer, output. */
  @Override
  public String toString() {
    String order = output.block() == 1 ? "" : " in blocks of " + output.block();
    return String.format("%-36s  %-22s  %s%s", work.name(), path, output.shape(), order);
  }
}
