package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A scope that records the operators run in it on tensors that want a gradient, and plays them
 * back.
 *
 * <pre>{@code
 * try (Tape tape = Tape.open(backend)) {
 *   Tensor loss = x.matmul(w).square().mean();
 *   Gradients gradients = tape.backward(loss);
 *   gradients.of(w);                              // like w; belongs to the tape
 * }
 * }</pre>
 *
 * <p>The order of execution is already topological, so backward is one reversed loop; each gradient
 * is dropped once consumed. First order only.
 */
public final class Tape extends Scope {
  private static final ThreadLocal<String> PATH = new ThreadLocal<>();

  private final List<Call> calls = new ArrayList<>();
  private Map<Tensor, Storage> gradients = new IdentityHashMap<>();
  private boolean played;

  private Tape(Backend backend, Scope parent) {
    super(backend, parent, true);
  }

  /** Opens a tape inside the thread's innermost scope, if any, on {@code backend}. */
  public static Tape open(Backend backend) {
    return new Tape(backend, innermost());
  }

  /** Opens a tape inside the thread's innermost scope, on its backend. */
  public static Tape open() {
    Scope outer = Scope.current();
    return new Tape(outer.backend(), outer);
  }

  /**
   * Runs {@code work} under {@code name}: operators recorded meanwhile carry the joined names, such
   * as {@code features.0}, so that errors can say where.
   */
  public static <T> T named(String name, Supplier<T> work) {
    String before = PATH.get();
    PATH.set(before == null ? name : before + "." + name);
    try {
      return work.get();
    } finally {
      if (before == null) {
        PATH.remove();
      } else {
        PATH.set(before);
      }
    }
  }

  /** The joined names of the {@link #named} calls around, or the empty text. */
  public static String path() {
    String path = PATH.get();
    return path == null ? "" : path;
  }

  /** Number of operators recorded. */
  public int length() {
    return calls.size();
  }

  void record(Call call) {
    calls.add(call);
  }

  /**
   * Gradients of {@code loss}, one element, with respect to every leaf that {@linkplain
   * Tensor#requireGradient wants one}. A tape plays back once.
   */
  public Gradients backward(Tensor loss) {
    ShapeException.check(
        loss.shape().count() == 1,
        () ->
            ShapeException.of("backward: the loss is not one number")
                .with("loss", loss.shape())
                .needed("one element; reduce with sum() or mean()"));
    checkPlayable(loss);
    Storage one = Storage.allocate(backend(), 1);
    backend().fill(one.buffer(), 1);
    return play(loss, one);
  }

  /** The same with the gradient of {@code y} given: dY, like y. */
  public Gradients backward(Tensor y, Tensor dy) {
    ShapeException.check(
        y.shape().equals(dy.shape()),
        () ->
            ShapeException.of("backward: the gradient is not like the tensor")
                .with("tensor", y.shape())
                .with("gradient", dy.shape())
                .needed("equal shapes"));
    checkPlayable(y);
    return play(y, dy.storage().retain());
  }

  private void checkPlayable(Tensor y) {
    if (played) {
      throw new IllegalStateException("a tape plays back once; open a new one for another step");
    }
    if (!y.wantsGradientOn(this)) {
      throw new IllegalStateException(
          "nothing on this tape leads from a tensor that wants a gradient to this one; call"
              + " requireGradient() on a leaf before using it");
    }
  }

  private Gradients play(Tensor y, Storage dy) {
    played = true;
    gradients.put(y, dy);
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      Storage gradient = gradients.remove(call.output());
      if (gradient != null) {
        call.runBackward(gradient);
      }
    }
    Map<Tensor, Tensor> leaves = new IdentityHashMap<>();
    gradients.forEach(
        (leaf, storage) ->
            leaves.put(leaf, run(() -> Tensor.adopt(storage, leaf.shape(), "gradient"))));
    gradients = new IdentityHashMap<>();
    return new Gradients(leaves);
  }

  /** Adds a contribution to a tensor's gradient, never overwriting; takes over one hold on it. */
  void accumulate(Tensor tensor, Storage contribution) {
    Storage sum = gradients.get(tensor);
    if (sum == null) {
      gradients.put(tensor, contribution);
      return;
    }
    Storage target = sum.exclusive() ? sum : Storage.allocate(backend(), tensor.shape().count());
    Broadcast plain = Broadcast.of(tensor.shape(), tensor.shape());
    backend().binary(Binary.ADD, sum.buffer(), contribution.buffer(), target.buffer(), plain);
    contribution.release();
    if (target != sum) {
      sum.release();
      gradients.put(tensor, target);
    }
  }

  /**
   * Where a computation went wrong.
   *
   * @param operator the operator's name
   * @param path the joined names of the {@link #named} calls around it, or the empty text
   * @param output its output's shape
   * @param element the first element that is NaN or infinite, row-major
   */
  public record NonFinite(String operator, String path, Shape output, long element) {
    /** Index along the first axis: with a batch, which sample. */
    public long row() {
      return output.rank() == 0 ? 0 : element / (output.count() / output.size(0));
    }

    @Override
    public String toString() {
      return operator + (path.isEmpty() ? "" : " in " + path) + ", output " + output;
    }
  }

  /** The recorded operator that first gave NaN or infinity. */
  public Optional<NonFinite> firstNonFinite() {
    return calls.stream().map(Call::nonFinite).flatMap(Optional::stream).findFirst();
  }

  @Override
  public void close() {
    calls.forEach(Call::forget);
    calls.clear();
    gradients.values().forEach(Storage::release);
    gradients.clear();
    super.close();
  }
}
