package akin.nn;

import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A function with parameters, made of smaller ones. The outermost layer is the network: it owns the
 * values of all.
 *
 * <pre>{@code
 * Layer net = new Sequential(new Linear(40, 300), Activation.relu(), new Linear(300, 300));
 * net.initialise(backend, seed);
 * try (Scope scope = Scope.open(backend)) {
 *   Tensor y = net.apply(x);
 * }
 * net.close();
 * }</pre>
 *
 * <p>A subclass declares what it holds in its constructor ({@link #parameter}, {@link #buffer},
 * {@link #counter}, {@link #child}) and computes in {@link #forward}. Names joined by dots are
 * those of torchvision's state dict. A layer has one place in one network; to share weights, apply
 * it twice.
 */
public abstract class Layer implements AutoCloseable {
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Parameter> buffers = new LinkedHashMap<>();
  private final Map<String, Counter> counters = new LinkedHashMap<>();
  private final Map<String, Layer> children = new LinkedHashMap<>();
  private Layer parent;
  private String name = "";
  private boolean training = true;
  private BiConsumer<String, Tensor> observer; // of the outermost layer, as all below
  private int joined = 1;
  private Scope scope;
  private long seed;
  private long step;
  private long drawnAt = -1; // step of the last draw of noise, and draws since it began
  private long draws;

  /** For subclasses. */
  protected Layer() {}

  // ---- declaring ----

  /** Declares a weight. */
  protected final Parameter parameter(String name, Shape shape, Initializer initializer) {
    return declare(parameters, name, new Parameter(name, shape, true, initializer));
  }

  /** Declares a tensor that is saved with the weights but does not learn. */
  protected final Parameter buffer(String name, Shape shape, double value) {
    Initializer initializer = Initializer.constant(value);
    return declare(buffers, name, new Parameter(name, shape, false, initializer));
  }

  /** Declares a whole number, 0 at first, that is saved with the weights. */
  protected final Counter counter(String name) {
    return declare(counters, name, new Counter());
  }

  /** Places a layer inside this one. */
  protected final <L extends Layer> L child(String name, L layer) {
    Layer placed = layer; // a private field is not a member of a type variable
    if (placed.parent != null || placed.scope != null) {
      throw new IllegalStateException("a layer has one place in one network: " + name);
    }
    placed.parent = this;
    placed.name = name;
    return declare(children, name, layer);
  }

  private <T> T declare(Map<String, ? super T> map, String name, T item) {
    if (root().scope != null) {
      throw new IllegalStateException("the network is complete once it is initialised: " + name);
    }
    if (map.putIfAbsent(name, item) != null) {
      throw new IllegalStateException("the name is taken: " + name);
    }
    return item;
  }

  // ---- computing ----

  /** What this layer computes; shapes stand in the subclass. */
  protected abstract Tensor forward(Tensor x);

  /**
   * Computes; operators and errors meanwhile carry this layer's name. Without a tape, what is made
   * on the way is given back as soon as the output is there.
   */
  public final Tensor apply(Tensor x) {
    Tensor y = named(() -> forward(x));
    BiConsumer<String, Tensor> told = root().observer;
    if (told != null) {
      told.accept(path(), y);
    }
    return y;
  }

  /** Work of this layer, under its name; without a tape only what comes out is kept. */
  final Tensor named(Supplier<Tensor> forward) {
    Supplier<Tensor> work = () -> Scope.tidy(forward);
    return name.isEmpty() ? work.get() : Tape.named(name, work);
  }

  /**
   * Applies this layer to several batches of equal shape in one pass: what comes out, gradients and
   * moved statistics included, is what {@link #apply} on one after the other gives, but for the
   * order in which the gradients of weights are added up. Larger products are faster than several
   * small ones.
   *
   * <p>Rows must not meet except in batch norm, which takes the statistics of each batch; noise is
   * drawn once for all of them.
   */
  public final Tensor[] applyEach(Tensor... batches) {
    for (Tensor batch : batches) {
      ShapeException.check(
          batch.shape().equals(batches[0].shape()),
          () ->
              ShapeException.of("joined batches differ")
                  .with("first", batches[0].shape())
                  .with("another", batch.shape())
                  .needed("batches of equal shape"));
    }
    Layer root = root();
    Tensor[] results = new Tensor[batches.length];
    root.joined = batches.length;
    try {
      Tensor all = apply(Tensor.concat(0, batches));
      long rows = all.dim(0) / batches.length;
      for (int i = 0; i < results.length; i++) {
        results[i] = all.slice(0, i * rows, (i + 1) * rows);
      }
    } finally {
      root.joined = 1;
    }
    return results;
  }

  /** How many batches the input joins; 1 unless {@link #applyEach} is under way. */
  protected final int joined() {
    return root().joined;
  }

  /**
   * Has every layer of the network tell its path and its output as soon as it is computed, in order
   * of execution. The outputs live until the layer around is done, or as long as the open tape;
   * {@link Tensor#keepIn} makes them live longer.
   *
   * @param observer null for none
   */
  public final void observe(BiConsumer<String, Tensor> observer) {
    root().observer = observer;
  }

  /** Whether someone is told what every layer computes. */
  final boolean observed() {
    return root().observer != null;
  }

  /** Whether batch statistics and dropout are on. */
  public final boolean training() {
    return training;
  }

  /** Turns batch statistics and dropout on, here and in all layers inside. */
  public final void train() {
    mode(true);
  }

  /** Turns them off: batch norm takes its running statistics, dropout does nothing. */
  public final void eval() {
    mode(false);
  }

  private void mode(boolean on) {
    training = on;
    children.values().forEach(layer -> layer.mode(on));
  }

  /**
   * Tells the network the number of the training step that begins: dropout draws by (seed, layer
   * path, step, draw), so that a resumed run continues bit for bit. Told the same number again, it
   * draws the same again.
   */
  public final void step(long step) {
    Layer root = root();
    root.step = step;
    root.walk((path, layer) -> layer.drawnAt = -1);
  }

  /** A fresh stream for one forward pass of this layer. */
  protected final RandomStream noise() {
    Layer root = root();
    if (drawnAt != root.step) {
      drawnAt = root.step;
      draws = 0;
    }
    return RandomStream.of(root.seed, "noise").child(path()).child(root.step).child(draws++);
  }

  // ---- values ----

  /**
   * Gives every parameter its first values, on {@code backend}; once, on the outermost layer.
   * Parameter by parameter they come from {@code RandomStream.of(seed, "init").child(name)}.
   */
  public final void initialise(Backend backend, long seed) {
    RandomStream stream = RandomStream.of(seed, "init");
    fill(backend, seed, (fullName, p) -> p.initialise(fullName, stream));
  }

  /**
   * Gives every parameter zeros instead, quickly: for a network whose values are loaded right
   * after, and that draws no noise.
   */
  public final void allocate(Backend backend) {
    fill(backend, 0, (fullName, p) -> p.allocate(fullName));
  }

  private void fill(Backend backend, long seed, BiConsumer<String, Parameter> values) {
    if (parent != null || scope != null) {
      throw new IllegalStateException("initialise or allocate the outermost layer, once");
    }
    this.seed = seed;
    scope = Scope.detached(backend);
    scope.run(
        () -> {
          walk(
              (path, layer) ->
                  layer.ownTensors().forEach((n, p) -> values.accept(join(path, n), p)));
          return null;
        });
  }

  /** The scope that owns the values of the whole network. */
  public final Scope scope() {
    Scope owner = root().scope;
    if (owner == null) {
      throw new IllegalStateException(
          "the network has no values yet: call initialise(backend, seed) on it first");
    }
    return owner;
  }

  /** Weights of this layer and of all inside, in state-dict order. */
  public final List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    walk((path, layer) -> all.addAll(layer.parameters.values()));
    return all;
  }

  /** Number of weights' elements, here and inside. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(p -> p.shape().count()).sum();
  }

  /** Stops (or resumes) learning of every weight here and inside; others learn on. */
  public final void freeze(boolean frozen) {
    parameters().forEach(p -> p.tensor().requireGradient(!frozen));
  }

  /** Lets go of all values of the network. */
  @Override
  public final void close() {
    if (parent == null && scope != null) {
      scope.close();
    }
  }

  // ---- structure ----

  /** The layers directly inside, by name. */
  public final Map<String, Layer> children() {
    return Collections.unmodifiableMap(children);
  }

  /** Names from the outermost layer to this one, joined by dots; empty for the outermost. */
  public final String path() {
    return parent == null ? name : join(parent.path(), name);
  }

  /** Visits this layer and all inside, depth first, with their paths below this one. */
  final void walk(BiConsumer<String, Layer> visitor) {
    walk("", visitor);
  }

  private void walk(String path, BiConsumer<String, Layer> visitor) {
    visitor.accept(path, this);
    children.forEach((n, layer) -> layer.walk(join(path, n), visitor));
  }

  /** This layer's own weights, then its own buffers, by name. */
  final Map<String, Parameter> ownTensors() {
    Map<String, Parameter> all = new LinkedHashMap<>(parameters);
    all.putAll(buffers);
    return all;
  }

  /** This layer's own counters by name. */
  final Map<String, Counter> ownCounters() {
    return counters;
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private Layer root() {
    Layer layer = this;
    while (layer.parent != null) {
      layer = layer.parent;
    }
    return layer;
  }
}
