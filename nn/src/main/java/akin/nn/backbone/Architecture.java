package akin.nn.backbone;

import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
    PADDING,
    /** Fewer or more channels. */
    WIDTH,
    /** The stride of the last stage. */
    LAST_STRIDE,
    /** The stride in the first convolution of a block. */
    STRIDE_FIRST,
    /** The side of the pictures, where the weights depend on it. */
    IMAGE
  }

  /**
   * What a backbone may be told.
   *
   * @param classes outputs of the classifier; 0 for none, −1 for as many as were published
   * @param same whether strided convolutions pad as TensorFlow's SAME, not as torch's
   * @param width multiplies the channels; 1 as published
   * @param lastStride stride of the last stage; 2 as published, 1 keeps its maps twice as large
   * @param strideFirst whether a bottleneck strides in its first convolution (the paper and Keras)
   *     instead of its 3×3 (torchvision)
   * @param image side of the square pictures; 0 as published
   */
  public record Options(
      int classes, boolean same, double width, int lastStride, boolean strideFirst, int image) {
    /** As published. */
    public static Options published() {
      return new Options(-1, false, 1, 2, false, 0);
    }

    /** With so many classes; 0 leaves the classifier away. */
    public Options withClasses(int count) {
      return new Options(count, same, width, lastStride, strideFirst, image);
    }

    /** The number of classes, {@code published} unless told otherwise. */
    int classes(int published) {
      return classes < 0 ? published : classes;
    }

    private Set<Choice> chosen() {
      Set<Choice> chosen = EnumSet.noneOf(Choice.class);
      add(chosen, Choice.PADDING, same);
      add(chosen, Choice.WIDTH, width != 1);
      add(chosen, Choice.LAST_STRIDE, lastStride != 2);
      add(chosen, Choice.STRIDE_FIRST, strideFirst);
      add(chosen, Choice.IMAGE, image != 0);
      return chosen;
    }

    private static void add(Set<Choice> chosen, Choice choice, boolean differs) {
      if (differs) {
        chosen.add(choice);
      }
    }
  }

  /** Checks that there is such a network and that it can be told all of this. */
  public Architecture {
    Set<Choice> known = Backbones.choices(name);
    for (Choice choice : options.chosen()) {
      if (!known.contains(choice)) {
        throw UserError.of("backbone " + name + " cannot be told its " + key(choice))
            .rule(known.isEmpty() ? "it has one form only" : "it takes " + keys(known))
            .mend("leave " + key(choice) + " away");
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

  /** One line that says it all; the number of classes only if it was told. */
  public String id() {
    List<String> words = new ArrayList<>(List.of(name));
    if (options.classes >= 0) {
      words.add("classes=" + options.classes);
    }
    for (Choice choice : options.chosen()) {
      words.add(key(choice) + "=" + value(choice));
    }
    return String.join(" ", words);
  }

  private String value(Choice choice) {
    return switch (choice) {
      case PADDING -> "same";
      case WIDTH -> String.valueOf(options.width);
      case LAST_STRIDE -> String.valueOf(options.lastStride);
      case STRIDE_FIRST -> "true";
      case IMAGE -> String.valueOf(options.image);
    };
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
    String value = word.substring(equals + 1);
    try {
      return switch (equals < 0 ? word : word.substring(0, equals)) {
        case "classes" -> o.withClasses(atLeast(0, Integer.parseInt(value)));
        case "padding" ->
            new Options(o.classes, same(value), o.width, o.lastStride, o.strideFirst, o.image);
        case "width" ->
            new Options(o.classes, o.same, positive(value), o.lastStride, o.strideFirst, o.image);
        case "last-stride" ->
            new Options(
                o.classes,
                o.same,
                o.width,
                atLeast(1, Integer.parseInt(value)),
                o.strideFirst,
                o.image);
        case "stride-first" ->
            new Options(
                o.classes, o.same, o.width, o.lastStride, Boolean.parseBoolean(value), o.image);
        case "image" ->
            new Options(
                o.classes,
                o.same,
                o.width,
                o.lastStride,
                o.strideFirst,
                atLeast(1, Integer.parseInt(value)));
        default -> throw new IllegalArgumentException("there is no option '" + word + "'");
      };
    } catch (IllegalArgumentException e) {
      throw UserError.of("this backbone is not understood: " + e.getMessage())
          .at(text)
          .rule(
              "NAME, then any of classes=N, padding=same, width=X, last-stride=1,"
                  + " stride-first=true, image=N")
          .because(e);
    }
  }

  private static boolean same(String value) {
    if (!value.equals("same") && !value.equals("torch")) {
      throw new IllegalArgumentException("padding is torch or same, not '" + value + "'");
    }
    return value.equals("same");
  }

  private static double positive(String value) {
    double number = Double.parseDouble(value);
    if (!(number > 0 && number <= 16)) {
      throw new IllegalArgumentException("width is above 0 and at most 16, not " + value);
    }
    return number;
  }

  private static int atLeast(int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(value + " is below " + least);
    }
    return value;
  }

  private static String key(Choice choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String keys(Set<Choice> choices) {
    return String.join(", ", choices.stream().map(Architecture::key).toList());
  }
}
