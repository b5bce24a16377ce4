package akin.retrieval.sample;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Batches of P classes × K pictures whose classes come evenly from S groups of classes, such as
 * super classes or the sets of a joined data set: at every step S groups are drawn at random, and a
 * class of each in turn until there are P, all different. Where the S groups have fewer than P
 * classes together, the other groups, in random order, give the rest. With classes of one group a
 * batch's negatives are hard; with S = P a batch sees as many groups as it can.
 *
 * <p>Classes of fewer than K pictures, and of one, are treated as in {@link RandomPkSampler}.
 * Classes without a group are a group together. The group of a class is that of its pictures.
 *
 * <p>Known as hierarchical sampler (Musgrave et al., pytorch-metric-learning) and category balance
 * sampler (Open Metric Learning).
 */
public final class GroupedPkSampler implements BatchSampler {
  private final ClassTable table;
  private final List<int[]> groups;
  private final int groupsPerBatch;
  private final int classesPerBatch;
  private final int picturesPerClass;
  private final int steps;
  private final RandomStream stream;

  /**
   * Makes the sampler of the pictures with these labels; a label below 0 means no class.
   *
   * @param groups the group of each picture; below 0 for none
   * @param s S, the groups of a batch, from 1; all of them where there are fewer
   * @param p P, the classes of a batch, from 1
   * @param k K, the pictures of each, from 2
   * @throws UserError if fewer than P classes have at least two pictures, or the pictures of a
   *     class are in several groups
   */
  public GroupedPkSampler(int[] labels, int[] groups, int s, int p, int k, long seed) {
    if (s < 1) {
      throw UserError.of("no batch can be made").at("S = " + s + " groups").rule("S is at least 1");
    }
    table = ClassTable.of(labels, p, k);
    Map<Integer, List<Integer>> members = new TreeMap<>();
    for (int c = 0; c < table.classes().size(); c++) {
      int[] pictures = table.classes().get(c);
      int group = Math.max(groups[pictures[0]], -1);
      for (int picture : pictures) {
        if (Math.max(groups[picture], -1) != group) {
          throw UserError.of("the pictures of a class are in several groups")
              .at("class " + labels[picture])
              .rule("batches take whole classes from groups of classes")
              .mend("correct the groups, or sample without them");
        }
      }
      members.computeIfAbsent(group, key -> new ArrayList<>()).add(c);
    }
    this.groups =
        members.values().stream()
            .map(classes -> classes.stream().mapToInt(Integer::intValue).toArray())
            .toList();
    groupsPerBatch = Math.min(s, this.groups.size());
    classesPerBatch = p;
    picturesPerClass = k;
    steps = Math.max(1, labels.length / (p * k));
    stream = RandomStream.of(seed, "grouped-pk");
  }

  @Override
  public int stepsPerEpoch() {
    return steps;
  }

  @Override
  public int[] batch(long epoch, int step) {
    Objects.checkIndex(step, steps);
    RandomStream draws = stream.child(epoch).child(step);
    return table.batch(classes(draws), picturesPerClass, draws);
  }

  /** A class of each drawn group in turn; further groups once all of the drawn ones are empty. */
  private int[] classes(RandomStream draws) {
    int[] order = draws.child("groups").permutation(groups.size());
    int[] chosen = new int[classesPerBatch];
    int count = 0;
    for (int first = 0; count < classesPerBatch; first += groupsPerBatch) {
      int last = Math.min(first + groupsPerBatch, order.length);
      int[][] shuffled = new int[last - first][];
      for (int g = first; g < last; g++) {
        int[] members = groups.get(order[g]);
        int most = Math.min(members.length, classesPerBatch - count);
        shuffled[g - first] =
            ClassTable.distinct(members.length, most, draws.child("classes").child(order[g]));
      }
      for (int turn = 0; turn < classesPerBatch; turn++) {
        for (int g = first; g < last && count < classesPerBatch; g++) {
          int[] drawn = shuffled[g - first];
          if (turn < drawn.length) {
            chosen[count++] = groups.get(order[g])[drawn[turn]];
          }
        }
      }
    }
    return chosen;
  }
}
