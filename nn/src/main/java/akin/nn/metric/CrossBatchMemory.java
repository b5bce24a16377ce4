package akin.nn.metric;

import akin.nn.Counter;
import akin.nn.Layer;
import akin.nn.Parameter;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A loss of a batch against the last M embeddings and labels, those of the batch itself included;
 * nothing is compared with itself. The memory carries no gradient. A miner goes inside and chooses
 * from the memory: {@code new CrossBatchMemory(MinedLoss.of(miner, loss), 1024, 128)}.
 *
 * <p>In training every batch replaces the oldest entries; until M have been seen the memory is
 * shorter. In evaluation the memory rests, and the loss is that of the batch by itself. Memory and
 * labels are buffers of {@link #layer}, saved with the weights.
 *
 * <p>Source: Wang et al., "Cross-batch memory for embedding learning", CVPR 2020.
 */
public final class CrossBatchMemory implements Loss {
  private final Loss loss;
  private final Memory memory;

  /**
   * An empty memory.
   *
   * @param loss of pairs, triplets or rankings, whose items may be others than its anchors
   * @param size M, at least as many as in a batch; 1024 is usual
   * @param width D of the embeddings
   */
  public CrossBatchMemory(Loss loss, int size, int width) {
    this.loss = loss;
    memory = new Memory(loss, size, width);
  }

  /** A ring of embeddings and labels. */
  private static final class Memory extends Layer {
    private static final int HALF = 1 << 16; // a label's halves are exact in float32

    private final int size;
    private final int width;
    private final Parameter embeddings;
    private final Parameter labels;
    private final Counter seen;

    Memory(Loss loss, int size, int width) {
      this.size = size;
      this.width = width;
      embeddings = buffer("embedding_memory", Shape.of(size, width), 0);
      labels = buffer("label_memory", Shape.of(size, 2), 0);
      seen = counter("seen");
      loss.layer().ifPresent(layer -> child("loss", layer));
    }

    int filled() {
      return (int) Math.min(seen.value(), size);
    }

    /** Where the next entry goes, plus {@code ahead}. */
    int slot(long ahead) {
      return (int) ((seen.value() + ahead) % size);
    }

    void push(double[] values, int[] classes) {
      double[] rows = embeddings.tensor().toDoubles();
      double[] halves = labels.tensor().toDoubles();
      for (int i = 0; i < classes.length; i++) {
        System.arraycopy(values, i * width, rows, slot(i) * width, width);
        halves[2 * slot(i)] = Math.floorDiv(classes[i], HALF);
        halves[2 * slot(i) + 1] = Math.floorMod(classes[i], HALF);
      }
      embeddings.tensor().assign(rows);
      labels.tensor().assign(halves);
      seen.set(seen.value() + classes.length);
    }

    /** [filled, D]: a copy, so that the next batch may overwrite the memory before a gradient. */
    Tensor items() {
      double[] rows = embeddings.tensor().toDoubles();
      return Tensor.of(Shape.of(filled(), width), Arrays.copyOf(rows, filled() * width));
    }

    int[] classes() {
      double[] halves = labels.tensor().toDoubles();
      int[] classes = new int[filled()];
      Arrays.setAll(classes, i -> (int) (halves[2 * i] * HALF + halves[2 * i + 1]));
      return classes;
    }

    @Override
    protected Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("a memory has no forward pass");
    }
  }

  @Override
  public List<Terms> terms(Batch batch) {
    return loss.terms(remembering(batch));
  }

  @Override
  public LossValue reduced(Batch batch, Reducer reducer) {
    return loss.reduced(remembering(batch), reducer);
  }

  /** The batch against the memory, into which it goes first. */
  private Batch remembering(Batch batch) {
    check(batch);
    if (!memory.training()) {
      return batch;
    }
    int from = memory.slot(0);
    memory.push(batch.anchors().toDoubles(), batch.labels());
    Relation relation =
        Relation.ofLabels(batch.labels(), memory.classes()).without(i -> (from + i) % memory.size);
    return new Batch(
        batch.anchors(),
        memory.items(),
        false,
        relation,
        batch.labels(),
        memory.classes(),
        null,
        batch.noise());
  }

  private void check(Batch batch) {
    if (batch.labels() == null || !batch.within() || batch.mined() != null) {
      throw UserError.of("a memory remembers labelled samples of one batch after the other")
          .rule("the batch has labels and is compared with itself; tuples are mined inside")
          .mend("give Batch.of(embeddings, labels), and no mined tuples");
    }
    if (batch.size() > memory.size || batch.anchors().dim(1) != memory.width) {
      throw UserError.of("a batch does not fit into the memory")
          .rule(
              "a memory of %d × %d takes up to %d rows of width %d; the batch is %s"
                  .formatted(
                      memory.size,
                      memory.width,
                      memory.size,
                      memory.width,
                      batch.anchors().shape()))
          .mend("make the memory as large as a batch at least, and as wide as embeddings");
    }
  }

  @Override
  public Needs needs() {
    Needs needs = loss.needs();
    boolean classes = needs.supervision() == Needs.Supervision.CLASSES;
    return new Needs(
        classes ? Needs.Supervision.CLASSES : Needs.Supervision.LABELS,
        needs.tuples(),
        needs.single());
  }

  @Override
  public Reducer reducer() {
    return loss.reducer();
  }

  @Override
  public Optional<Layer> layer() {
    return Optional.of(memory);
  }
}
