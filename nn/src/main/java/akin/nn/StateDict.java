package akin.nn;

import akin.nn.io.Safetensors;
import akin.tensor.NearestName;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The weights, buffers and counters of a network as named host arrays, in torchvision's names and
 * order: what is written to a file, read from one, or copied from one network to another.
 */
public final class StateDict {
  /** How many names of a kind a message lists. */
  private static final int SHOWN = 12;

  private final Map<String, Value> values = new LinkedHashMap<>();

  /** A host array: {@code float[]}, {@code double[]} or whole numbers {@code long[]}. */
  public static final class Value {
    private final Shape shape;
    private final float[] floats;
    private final double[] doubles;
    private final long[] longs;
    private final Supplier<Value> source; // instead of the arrays

    private Value(Shape shape, float[] floats, double[] doubles, long[] longs) {
      this.shape = shape;
      this.floats = floats;
      this.doubles = doubles;
      this.longs = longs;
      source = null;
    }

    private Value(Shape shape, Supplier<Value> source) {
      this.shape = shape;
      this.source = source;
      floats = null;
      doubles = null;
      longs = null;
    }

    /**
     * An array that is made when it is asked for, each time anew, and not kept: of a large network
     * only one weight at a time is in memory beside the network's own.
     */
    public static Value later(Shape shape, Supplier<Value> source) {
      return new Value(shape, source);
    }

    private Value now() {
      return source == null ? this : source.get().now();
    }

    /** The same numbers, row by row, in another shape. */
    public Value reshaped(Shape other) {
      if (other.count() != shape.count()) {
        throw new IllegalArgumentException(shape + " is not as many numbers as " + other);
      }
      return later(
          other,
          () -> {
            Value v = now();
            return new Value(other, v.floats, v.doubles, v.longs);
          });
    }

    /** A matrix turned. */
    public Value transposed() {
      int rows = shape.dim(0);
      int columns = shape.dim(1);
      return later(
          Shape.of(columns, rows),
          () -> {
            double[] from = doubles();
            double[] turned = new double[from.length];
            for (int i = 0; i < from.length; i++) {
              turned[i % columns * rows + i / columns] = from[i];
            }
            return of(Shape.of(columns, rows), turned);
          });
    }

    /** Arrays one after the other along the first axis; the other axes are equal. */
    public static Value joined(List<Value> parts) {
      long rows = parts.stream().mapToLong(part -> part.shape.size(0)).sum();
      Shape joined = parts.get(0).shape.with(0, rows);
      return later(
          joined,
          () -> {
            double[] all = new double[Math.toIntExact(joined.count())];
            int at = 0;
            for (Value part : parts) {
              double[] values = part.doubles();
              System.arraycopy(values, 0, all, at, values.length);
              at += values.length;
            }
            return of(joined, all);
          });
    }

    /** An array in single precision; not copied. */
    public static Value of(Shape shape, float... values) {
      return new Value(shape, values, null, null);
    }

    /** An array in double precision; not copied. */
    public static Value of(Shape shape, double... values) {
      return new Value(shape, null, values, null);
    }

    /** Whole numbers; not copied. */
    public static Value whole(Shape shape, long[] values) {
      return new Value(shape, null, null, values);
    }

    /** A whole number. */
    public static Value of(long value) {
      return new Value(Shape.of(), null, null, new long[] {value});
    }

    /** The values of a tensor, in its backend's precision. */
    public static Value of(Tensor tensor) {
      return tensor.elementBytes() == 4
          ? of(tensor.shape(), tensor.toFloats())
          : of(tensor.shape(), tensor.toDoubles());
    }

    /** The shape. */
    public Shape shape() {
      return shape;
    }

    /** Overwrites the tensor, rounding where it is single and this double precision. */
    public void into(Tensor tensor) {
      Value v = now();
      if (v.floats != null) {
        tensor.assign(v.floats);
      } else {
        tensor.assign(v.doubles());
      }
    }

    /** The values, widened to double. */
    public double[] doubles() {
      Value v = now();
      if (v.doubles != null) {
        return v.doubles.clone();
      }
      double[] wide = new double[v.floats != null ? v.floats.length : v.longs.length];
      Arrays.setAll(wide, i -> v.floats != null ? v.floats[i] : v.longs[i]);
      return wide;
    }

    /** Whether no value is NaN or infinite. */
    public boolean isFinite() {
      Value v = now();
      if (v.floats != null) {
        for (float value : v.floats) {
          if (!Float.isFinite(value)) {
            return false;
          }
        }
        return true;
      }
      return v.doubles == null || Arrays.stream(v.doubles).allMatch(Double::isFinite);
    }

    /** The one whole number; a floating-point scalar is rounded. */
    public long whole() {
      Value v = now();
      return v.longs != null ? v.longs[0] : Math.round(v.doubles()[0]);
    }

    /** As an array of a safetensors file. */
    public Safetensors.Array array() {
      Value v = now();
      int[] sizes = Arrays.stream(shape.toArray()).mapToInt(Math::toIntExact).toArray();
      return v.floats != null
          ? Safetensors.Array.of(v.floats, sizes)
          : v.doubles != null
              ? Safetensors.Array.of(v.doubles, sizes)
              : Safetensors.Array.of(v.longs, sizes);
    }

    /** Reads an array of a safetensors file; F64 stays double, whole numbers stay whole. */
    public static Value of(Safetensors.Entry entry) {
      Shape shape = Shape.of(Arrays.stream(entry.shape()).asLongStream().toArray());
      if (!entry.type().isFloating()) {
        return new Value(shape, null, null, entry.longs());
      }
      return entry.type() == Safetensors.Type.F64
          ? of(shape, entry.doubles())
          : of(shape, entry.floats());
    }
  }

  /** The values of a network. */
  public static StateDict of(Layer network) {
    return of(network, p -> true);
  }

  private static StateDict of(Layer network, Predicate<Parameter> chosen) {
    StateDict dict = new StateDict();
    network.walk(
        (path, layer) -> {
          layer
              .ownTensors()
              .forEach(
                  (name, p) -> {
                    if (chosen.test(p)) {
                      dict.put(Layer.join(path, name), Value.of(p.tensor()));
                    }
                  });
          layer
              .ownCounters()
              .forEach((name, c) -> dict.put(Layer.join(path, name), Value.of(c.value())));
        });
    return dict;
  }

  /** What a network remembers of batches: its buffers and counters, not its weights. */
  public static StateDict remembered(Layer network) {
    return of(network, p -> !p.learns());
  }

  /** Overwrites those values of a network that have a name here; the others stay. */
  public void overwrite(Layer network) {
    network.walk(
        (path, layer) -> {
          layer
              .ownTensors()
              .forEach((name, p) -> named(path, name).ifPresent(v -> v.into(p.tensor())));
          layer
              .ownCounters()
              .forEach((name, c) -> named(path, name).ifPresent(v -> c.set(v.whole())));
        });
  }

  private Optional<Value> named(String path, String name) {
    return Optional.ofNullable(values.get(Layer.join(path, name)));
  }

  /** The arrays of a file whose names begin with {@code prefix}, without it. */
  public static StateDict of(Safetensors file, String prefix) {
    StateDict dict = new StateDict();
    file.tensors()
        .forEach(
            (name, entry) -> {
              if (name.startsWith(prefix)) {
                dict.put(name.substring(prefix.length()), Value.of(entry));
              }
            });
    return dict;
  }

  /** Adds or replaces a value. */
  public void put(String name, Value value) {
    values.put(name, value);
  }

  /** The values by name, in order. */
  public Map<String, Value> values() {
    return Collections.unmodifiableMap(values);
  }

  /** As arrays of a safetensors file, each name after {@code prefix}. */
  public Map<String, Safetensors.Array> arrays(String prefix) {
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    values.forEach((name, value) -> arrays.put(prefix + name, value.array()));
    return arrays;
  }

  /**
   * The names and shapes that the state dict of a network has, in order; it may be without values.
   */
  public static Map<String, Shape> shapes(Layer network) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    network.walk(
        (path, layer) -> {
          layer.ownTensors().forEach((name, p) -> shapes.put(Layer.join(path, name), p.shape()));
          layer.ownCounters().forEach((name, c) -> shapes.put(Layer.join(path, name), Shape.of()));
        });
    return shapes;
  }

  /**
   * Overwrites every value of a network with those of this state dict.
   *
   * @param where what is loaded, for the message
   * @throws UserError if names or shapes differ; then the network is as it was
   */
  public void into(Layer network, String where) {
    check(shapes(network), network.getClass().getSimpleName(), where);
    overwrite(network);
  }

  private void check(Map<String, Shape> wanted, String network, String where) {
    List<String> missing = wanted.keySet().stream().filter(n -> !values.containsKey(n)).toList();
    List<String> unexpected = values.keySet().stream().filter(n -> !wanted.containsKey(n)).toList();
    List<String> problems = new ArrayList<>();
    List<String> mismatches = new ArrayList<>();
    if (!missing.isEmpty()) {
      problems.add("missing key(s): " + quoted(missing, unexpected));
    }
    if (!unexpected.isEmpty()) {
      problems.add("unexpected key(s): " + quoted(unexpected, missing));
    }
    wanted.forEach(
        (name, shape) -> {
          Value value = values.get(name);
          if (value != null && !value.shape().equals(shape)) {
            mismatches.add(
                "size mismatch for "
                    + name
                    + ": "
                    + value.shape()
                    + " in the state dict, "
                    + shape
                    + " in the network");
          }
        });
    problems.addAll(mismatches.subList(0, Math.min(SHOWN, mismatches.size())));
    if (mismatches.size() > SHOWN) {
      problems.add("and " + (mismatches.size() - SHOWN) + " more of other sizes");
    }
    if (!problems.isEmpty()) {
      throw UserError.of(
              "the state dict does not fit "
                  + network
                  + ":\n    "
                  + String.join("\n    ", problems))
          .at(where)
          .rule("the same names and shapes in both")
          .mend("build the network with the options it was saved with");
    }
  }

  /** Each name in quotes, with the most similar of {@code others} if one is similar. */
  private static String quoted(List<String> names, List<String> others) {
    String text =
        names.stream()
            .limit(SHOWN)
            .map(
                name -> {
                  List<String> near = NearestName.of(name, others);
                  return "\""
                      + name
                      + "\""
                      + (near.isEmpty() ? "" : " (near: \"" + near.get(0) + "\")");
                })
            .collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? text : text + " and " + (names.size() - SHOWN) + " more";
  }
}
