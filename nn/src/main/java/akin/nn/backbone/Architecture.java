package akin.nn.backbone;

import akin.nn.backbone.TransformerPlan.Gelu;
import akin.nn.backbone.TransformerPlan.Pooling;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A backbone's name and what differs from the published network, in one line: {@code mobilenet_v2
 * padding=same}. Equal lines mean equal networks.
 *
 * @param name one of {@link Backbones#names}
 * @param options what differs
 */
public record Architecture(String name, Options options) {
  /** What only some backbones can be told. */
  public enum Choice {
    /** Padding as TensorFlow's. */
    PADDING("torch", value -> oneOf(value, "torch", "same")),
    /** Fewer or more channels. */
    WIDTH("1.0", Choice::positive),
    /** The stride of the last stage. */
    LAST_STRIDE("2", value -> atLeast(1, value)),
    /** The stride in the first convolution of a block. */
    STRIDE_FIRST("false", value -> oneOf(value, "false", "true")),
    /** The side of the pictures, where the weights depend on it. */
    IMAGE("0", value -> atLeast(1, value)),
    /** The form of GELU. */
    ACTIVATION("", value -> oneOf(value, "exact", "tanh", "quick")),
    /** What layer norms add under the root. */
    EPS("", Choice::addend),
    /** How tokens become one feature. */
    POOLING("", value -> oneOf(value, "class", "mean")),
    /** Whether the feature is projected. */
    PROJECT("false", value -> oneOf(value, "false", "true")),
    /** The block after which the network ends. */
    END("", Choice::block);

    private final String published;
    private final UnaryOperator<String> check;

    /**
     * @param published the value that need not be told
     * @param check gives a value's one spelling, or fails by IllegalArgumentException
     */
    Choice(String published, UnaryOperator<String> check) {
      this.published = published;
      this.check = check;
    }

    private static String oneOf(String value, String... known) {
      if (!List.of(known).contains(value)) {
        throw new IllegalArgumentException(
            "is " + String.join(" or ", known) + ", not '" + value + "'");
      }
      return value;
    }

    private static String positive(String value) {
      try {
        double number = Double.parseDouble(value);
        if (number > 0 && number <= 16) {
          return String.valueOf(number);
        }
      } catch (NumberFormatException e) {
        // no number at all, which is told in the same words
      }
      throw new IllegalArgumentException("is above 0 and at most 16, not '" + value + "'");
    }

    private static String addend(String value) {
      try {
        double number = Double.parseDouble(value);
        if (number >= 1e-12 && number <= 0.1) {
          return String.valueOf(number);
        }
      } catch (NumberFormatException e) {
        // no number at all, which is told in the same words
      }
      throw new IllegalArgumentException("is from 1e-12 to 0.1, not '" + value + "'");
    }

    private static String atLeast(int least, String value) {
      if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least) {
        throw new IllegalArgumentException(
            "is a whole number of at least " + least + ", not '" + value + "'");
      }
      return String.valueOf(Integer.parseInt(value));
    }

    private static String block(String value) {
      if (!value.matches("layer\\d\\.\\d{1,3}")) {
        throw new IllegalArgumentException("is a block such as layer3.2, not '" + value + "'");
      }
      return value;
    }

    private String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What a backbone may be told.
   *
   * @param classes outputs of the classifier; 0 for none, −1 for as many as were published
   * @param told what differs from the published network, in the one spelling of each value
   */
  public record Options(int classes, Map<Choice, String> told) {
    /** Copies what was told, but for what is as published. */
    public Options {
      Map<Choice, String> differing = new EnumMap<>(Choice.class);
      told.forEach(
          (choice, value) -> {
            String checked = choice.check.apply(value);
            if (!checked.equals(choice.published)) {
              differing.put(choice, checked);
            }
          });
      told = Collections.unmodifiableMap(differing);
    }

    /** As published. */
    public static Options published() {
      return new Options(-1, Map.of());
    }

    /** With so many classes; 0 leaves the classifier away. */
    public Options withClasses(int count) {
      return new Options(count, told);
    }

    /** With a choice told. */
    public Options with(Choice choice, String value) {
      Map<Choice, String> more = new EnumMap<>(Choice.class);
      more.putAll(told);
      more.put(choice, value);
      return new Options(classes, more);
    }

    /** As published in this. */
    private Options without(Choice choice) {
      Map<Choice, String> fewer = new EnumMap<>(Choice.class);
      fewer.putAll(told);
      fewer.remove(choice);
      return new Options(classes, fewer);
    }

    private String value(Choice choice) {
      return told.getOrDefault(choice, choice.published);
    }

    /** The number of classes, {@code published} unless told otherwise. */
    int classes(int published) {
      return classes < 0 ? published : classes;
    }

    /** Whether strided convolutions pad as TensorFlow's SAME, not as torch's. */
    boolean same() {
      return told.containsKey(Choice.PADDING);
    }

    /** Multiplies the channels. */
    double width() {
      return Double.parseDouble(value(Choice.WIDTH));
    }

    /** Stride of the last stage; 2 as published, 1 keeps its maps twice as large. */
    int lastStride() {
      return Integer.parseInt(value(Choice.LAST_STRIDE));
    }

    /**
     * Whether a bottleneck strides in its first convolution (the paper and Keras) instead of its
     * 3×3 (torchvision).
     */
    boolean strideFirst() {
      return told.containsKey(Choice.STRIDE_FIRST);
    }

    /** Side of the square pictures; 0 as published. */
    int image() {
      return Integer.parseInt(value(Choice.IMAGE));
    }

    /** The block after which the network ends, without a classifier; null for none. */
    String end() {
      return told.get(Choice.END);
    }

    /** Whether the feature is projected. */
    boolean project() {
      return told.containsKey(Choice.PROJECT);
    }

    /** A transformer's plan with what was told. */
    TransformerPlan changed(TransformerPlan plan) {
      TransformerPlan changed = project() ? plan.with(TransformerPlan.Trait.PROJECT) : plan;
      String gelu = value(Choice.ACTIVATION);
      if (!gelu.isEmpty()) {
        changed = changed.activation(Gelu.valueOf(gelu.toUpperCase(Locale.ROOT)));
      }
      String eps = value(Choice.EPS);
      if (!eps.isEmpty()) {
        changed = changed.eps(Double.parseDouble(eps));
      }
      String pooling = value(Choice.POOLING);
      return pooling.isEmpty()
          ? changed
          : changed.pooling(Pooling.valueOf(pooling.toUpperCase(Locale.ROOT)));
    }
  }

  /** Checks that there is such a network and that it can be told all of this. */
  public Architecture {
    Set<Choice> known = Backbones.choices(name);
    for (Choice choice : options.told.keySet()) {
      if (!known.contains(choice)) {
        throw UserError.of("backbone " + name + " cannot be told its " + choice.key())
            .rule(known.isEmpty() ? "it has one form only" : "it takes " + keys(known))
            .mend("leave " + choice.key() + " away");
      }
    }
  }

  /** The network, not yet initialised. */
  public Backbone create() {
    return Backbones.create(this);
  }

  /** The same network with another number of classes; 0 leaves the classifier away. */
  public Architecture withClasses(int count) {
    return new Architecture(name, options.withClasses(count));
  }

  /** The same network as a whole, whatever part of it is used. */
  public Architecture whole() {
    return new Architecture(name, options.without(Choice.END));
  }

  /**
   * The same weights, used as another architecture uses them: what a stage's stride is and where
   * the network ends, no weight depends on.
   *
   * @throws UserError if this network cannot be used so
   */
  public Architecture usedAs(Architecture other) {
    Options used = options;
    for (Choice free : List.of(Choice.LAST_STRIDE, Choice.END)) {
      String value = other.options.told.get(free);
      used = value == null ? used.without(free) : used.with(free, value);
    }
    return new Architecture(name, used);
  }

  /** Whether pictures may be of any size; else the weights decide it. */
  public boolean takesAnySize() {
    return !Backbones.choices(name).contains(Choice.IMAGE);
  }

  /** One line that says it all; the number of classes only if it was told. */
  public String id() {
    List<String> words = new ArrayList<>(List.of(name));
    if (options.classes >= 0) {
      words.add("classes=" + options.classes);
    }
    options.told.forEach((choice, value) -> words.add(choice.key() + "=" + value));
    return String.join(" ", words);
  }

  /**
   * The inverse of {@link #id}.
   *
   * @throws UserError if the text names no backbone, or an option that it lacks
   */
  public static Architecture parse(String text) {
    String[] words = text.strip().split("\\s+");
    Options o = Options.published();
    for (int i = 1; i < words.length; i++) {
      o = with(o, words[i], text);
    }
    return new Architecture(words[0], o);
  }

  private static Options with(Options o, String word, String text) {
    int equals = word.indexOf('=');
    String key = equals < 0 ? word : word.substring(0, equals);
    String value = word.substring(equals + 1);
    try {
      if (key.equals("classes")) {
        return o.withClasses(Integer.parseInt(Choice.atLeast(0, value)));
      }
      for (Choice choice : Choice.values()) {
        if (choice.key().equals(key)) {
          return o.with(choice, value);
        }
      }
    } catch (IllegalArgumentException e) {
      throw refused(key + " " + e.getMessage(), text);
    }
    throw refused("there is no option '" + word + "'", text);
  }

  private static UserError refused(String why, String text) {
    List<String> keys = Arrays.stream(Choice.values()).map(c -> c.key() + "=…").toList();
    return UserError.of("this backbone is not understood: " + why)
        .at(text)
        .rule("NAME, then any of classes=N, " + String.join(", ", keys));
  }

  private static String keys(Set<Choice> choices) {
    return String.join(", ", choices.stream().sorted().map(Choice::key).toList());
  }
}
