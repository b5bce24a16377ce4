package akin.retrieval.sample;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Batches of P classes × K pictures that go through the classes evenly. With n_c pictures in class
 * c and C classes, a class is drawn D = max(1, max_c n_c div K) times in an epoch, and an epoch has
 * (C div P)·D batches. A batch takes P different classes at random among those not yet drawn D
 * times; where fewer than P are left, all of them and some of the others. Within a class a shuffled
 * list of its pictures is walked K at a time; where fewer than K remain it is shuffled anew, so the
 * largest class shows each picture at most once an epoch. In a batch the pictures of a class stand
 * together.
 *
 * <p>A class of fewer than K pictures gives each of them ⌊K/n⌋ or ⌈K/n⌉ times; a class of one
 * picture is never drawn, since its anchor would have no positive. Every epoch begins afresh.
 */
public final class EpochExactPkSampler implements BatchSampler {
  private final ClassTable table;
  private final int classesPerBatch;
  private final int picturesPerClass;
  private final int drawsPerClass;
  private final int steps;
  private final RandomStream stream;
  private volatile Plan last;

  private record Plan(long epoch, int[][] batches) {}

  /**
   * Makes the sampler of the pictures with these labels; a label below 0 means no class.
   *
   * @param p P, the classes of a batch, from 1
   * @param k K, the pictures of each, from 2
   * @throws UserError if fewer than P classes have at least two pictures
   */
  public EpochExactPkSampler(int[] labels, int p, int k, long seed) {
    table = ClassTable.of(labels, p, k);
    classesPerBatch = p;
    picturesPerClass = k;
    int largest = table.classes().stream().mapToInt(c -> c.length).max().orElseThrow();
    drawsPerClass = Math.max(1, largest / k);
    steps = Math.multiplyExact(table.classes().size() / p, drawsPerClass);
    stream = RandomStream.of(seed, "epoch-pk");
  }

  @Override
  public int stepsPerEpoch() {
    return steps;
  }

  @Override
  public int[] batch(long epoch, int step) {
    Objects.checkIndex(step, steps);
    Plan plan = last;
    if (plan == null || plan.epoch != epoch) {
      plan = plan(epoch);
      last = plan;
    }
    return plan.batches[step].clone();
  }

  private Plan plan(long epoch) {
    RandomStream draws = stream.child(epoch);
    RandomStream choices = draws.child("classes");
    int[] drawn = new int[table.classes().size()];
    Walk[] walks = new Walk[drawn.length];
    int[][] batches = new int[steps][classesPerBatch * picturesPerClass];
    for (int step = 0; step < steps; step++) {
      int[] classes = chooseClasses(drawn, choices.child(step));
      for (int i = 0; i < classes.length; i++) {
        int c = classes[i];
        drawn[c]++;
        if (walks[c] == null) {
          walks[c] = new Walk(table.classes().get(c), draws.child(c));
        }
        walks[c].next(picturesPerClass, batches[step], i * picturesPerClass);
      }
    }
    return new Plan(epoch, batches);
  }

  private int[] chooseClasses(int[] drawn, RandomStream choice) {
    int[] open = IntStream.range(0, drawn.length).filter(c -> drawn[c] < drawsPerClass).toArray();
    int[] done = IntStream.range(0, drawn.length).filter(c -> drawn[c] >= drawsPerClass).toArray();
    int fromOpen = Math.min(open.length, classesPerBatch);
    int[] first = ClassTable.distinct(open.length, fromOpen, choice.child("open"));
    int[] rest = ClassTable.distinct(done.length, classesPerBatch - fromOpen, choice.child("done"));
    return IntStream.concat(
            Arrays.stream(first).map(i -> open[i]), Arrays.stream(rest).map(i -> done[i]))
        .toArray();
  }

  /** The shuffled pictures of one class and how far they have been walked. */
  private static final class Walk {
    private final int[] pictures;
    private final RandomStream stream;
    private int[] order;
    private int shuffles;
    private int position;

    Walk(int[] pictures, RandomStream stream) {
      this.pictures = pictures;
      this.stream = stream;
    }

    void next(int k, int[] batch, int at) {
      if (pictures.length < k) {
        ClassTable.draw(pictures, k, stream.child(shuffles++), batch, at);
        return;
      }
      if (order == null || order.length - position < k) {
        order = stream.child(shuffles++).permutation(pictures.length);
        position = 0;
      }
      for (int i = 0; i < k; i++) {
        batch[at + i] = pictures[order[position++]];
      }
    }
  }
}
