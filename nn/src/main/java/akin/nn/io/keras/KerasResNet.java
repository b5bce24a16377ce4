package akin.nn.io.keras;

import akin.nn.StateDict;
import akin.nn.StateDict.Value;
import akin.nn.io.StoredArray;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keras' ResNet-50, -101 and -152 (first version) under torchvision's names.
 *
 * <pre>
 * conv1_conv, conv1_bn                      → conv1, bn1
 * conv3_block1_0_conv, conv3_block1_0_bn    → layer2.0.downsample.0, layer2.0.downsample.1
 * conv3_block1_2_conv, conv3_block1_2_bn    → layer2.0.conv2, layer2.0.bn2
 * predictions                               → fc, where the file has it
 * </pre>
 *
 * <p>Files of Keras before 2.2.5 say {@code res3a_branch2b} and {@code bn3a_branch2b} instead.
 *
 * <ul>
 *   <li>Kernels [H,W,I,O] become [O,I,H,W], the classifier's [I,O] becomes [O,I].
 *   <li>Convolutions have a bias b, which torchvision's have not: since batch norm subtracts the
 *       running mean μ from what the convolution gives, μ − b does the same.
 *   <li>Batch norm adds ε = 1.001·10⁻⁵ (10⁻³ in the older files) to the variance, torchvision's
 *       10⁻⁵; the difference goes into the running variance.
 * </ul>
 *
 * <p>Source: {@code keras/applications/resnet.py}; {@code resnet50.py} of Keras 2.1.
 */
final class KerasResNet {
  private static final double TORCH_EPS = 1e-5;

  private static final Pattern STEM = Pattern.compile("conv1(_conv|_bn)?|bn_conv1");
  private static final Pattern BLOCK =
      Pattern.compile("conv([2-5])_block(\\d{1,2})_([0-3])_(conv|bn)");
  private static final Pattern OLD_BLOCK =
      Pattern.compile("(res|bn)([2-5])([a-z])_branch(1|2a|2b|2c)");
  private static final Pattern WEIGHT =
      Pattern.compile(
          "(?:.*_)?(kernel|bias|gamma|beta|moving_mean|moving_variance"
              + "|running_mean|running_std|W|b)(?:_\\d+)?(?::\\d+)?");

  private final Path file;
  private final boolean old;
  private final Map<String, Map<String, StoredArray>> layers = new LinkedHashMap<>();
  private final Map<String, StoredArray> others = new LinkedHashMap<>(); // a head of one's own

  private KerasResNet(Path file, Map<String, StoredArray> arrays) {
    this.file = file;
    arrays.forEach(
        (path, array) -> {
          String[] steps = path.split("/");
          String layer = steps.length < 2 ? "" : steps[steps.length - 2];
          Matcher weight = WEIGHT.matcher(steps[steps.length - 1]);
          if (place(layer) != null && weight.matches()) {
            layers
                .computeIfAbsent(layer, name -> new LinkedHashMap<>())
                .put(modern(weight.group(1)), array);
          } else {
            others.put(path, array);
          }
        });
    old = layers.containsKey("res2a_branch2a");
  }

  /** Whether the arrays are those of such a network. */
  static boolean is(Map<String, StoredArray> arrays) {
    return arrays.keySet().stream()
            .anyMatch(path -> path.matches("(.*/)?(conv2_block1_1_conv|res2a_branch2a)/.*"))
        && arrays.keySet().stream().noneMatch(path -> path.contains("preact"));
  }

  /** The network of these arrays. */
  static KerasResNet of(Path file, Map<String, StoredArray> arrays) {
    return new KerasResNet(file, arrays);
  }

  /** Keras 1 called them so; its standard deviation is a variance. */
  private static String modern(String weight) {
    return switch (weight) {
      case "W" -> "kernel";
      case "b" -> "bias";
      case "running_mean" -> "moving_mean";
      case "running_std" -> "moving_variance";
      default -> weight;
    };
  }

  /** The backbone that computes the same, in one line, if its depth is a known one. */
  Optional<String> architecture() {
    long blocks =
        layers.keySet().stream()
            .map(KerasResNet::place)
            .filter(place -> place.startsWith("layer3.") && place.endsWith(".conv1"))
            .count();
    String name =
        blocks == 6 ? "resnet50" : blocks == 23 ? "resnet101" : blocks == 36 ? "resnet152" : null;
    return Optional.ofNullable(name).map(known -> known + " stride-first=true");
  }

  /** The weights as torchvision's. */
  StateDict stateDict() {
    StateDict dict = new StateDict();
    Map<String, double[]> biases = new LinkedHashMap<>();
    layers.forEach((layer, weights) -> addKernel(dict, biases, place(layer), weights));
    layers.forEach((layer, weights) -> addNorm(dict, biases, place(layer), weights));
    others.forEach((path, array) -> dict.put(path, array.value()));
    return dict;
  }

  /** A layer's name in torchvision's network; null if it has none. */
  private static String place(String layer) {
    Matcher block = BLOCK.matcher(layer);
    if (block.matches()) {
      int stage = Integer.parseInt(block.group(1)) - 1;
      int number = Integer.parseInt(block.group(2)) - 1;
      return inBlock(stage, number, block.group(3).charAt(0) - '0', block.group(4).equals("conv"));
    }
    Matcher oldBlock = OLD_BLOCK.matcher(layer);
    if (oldBlock.matches()) {
      int stage = Integer.parseInt(oldBlock.group(2)) - 1;
      int number = oldBlock.group(3).charAt(0) - 'a';
      String branch = oldBlock.group(4);
      int within = branch.equals("1") ? 0 : branch.charAt(1) - 'a' + 1;
      return inBlock(stage, number, within, oldBlock.group(1).equals("res"));
    }
    if (STEM.matcher(layer).matches()) {
      return layer.contains("bn") ? "bn1" : "conv1";
    }
    if (layer.equals("predictions") || layer.equals("fc1000") || layer.equals("probs")) {
      return "fc";
    }
    return null;
  }

  /** 0 is the shortcut, 1 to 3 are the convolutions. */
  private static String inBlock(int stage, int block, int within, boolean conv) {
    String last = within == 0 ? "downsample." + (conv ? 0 : 1) : (conv ? "conv" : "bn") + within;
    return "layer" + stage + "." + block + "." + last;
  }

  private void addKernel(
      StateDict dict, Map<String, double[]> biases, String place, Map<String, StoredArray> layer) {
    StoredArray kernel = layer.get("kernel");
    if (kernel == null) {
      return;
    }
    int[] s = kernel.shape();
    boolean dense = place.equals("fc");
    if (s.length != (dense ? 2 : 4)) {
      throw foreign(place);
    }
    dict.put(
        place + ".weight",
        dense
            ? turned(kernel, new int[] {s[1], s[0]}, 1, s[1])
            : turned(
                kernel,
                new int[] {s[3], s[2], s[0], s[1]},
                1,
                s[3],
                (long) s[1] * s[2] * s[3],
                (long) s[2] * s[3]));
    if (layer.containsKey("bias")) {
      if (dense) {
        dict.put("fc.bias", layer.get("bias").value());
      } else {
        biases.put(place, layer.get("bias").value().doubles());
      }
    }
  }

  private static Value turned(StoredArray kernel, int[] shape, long... strides) {
    return new StoredArray(kernel.name(), "", kernel.elements(), shape, strides).value();
  }

  private void addNorm(
      StateDict dict, Map<String, double[]> biases, String place, Map<String, StoredArray> layer) {
    if (!layer.containsKey("gamma")) {
      return;
    }
    for (String weight : new String[] {"gamma", "beta", "moving_mean", "moving_variance"}) {
      if (!layer.containsKey(weight)) {
        throw foreign(place + " without " + weight);
      }
    }
    dict.put(place + ".weight", layer.get("gamma").value());
    dict.put(place + ".bias", layer.get("beta").value());
    Value mean = layer.get("moving_mean").value();
    double[] bias = biases.get(convolutionBefore(place));
    dict.put(place + ".running_mean", bias == null ? mean : sum(mean, bias, -1, 0));
    Value variance = layer.get("moving_variance").value();
    double more = (old ? 1e-3 : 1.001e-5) - TORCH_EPS;
    dict.put(place + ".running_var", sum(variance, null, 0, more));
  }

  private static String convolutionBefore(String norm) {
    return norm.endsWith("downsample.1")
        ? norm.replace("downsample.1", "downsample.0")
        : norm.replaceFirst("bn(\\d)$", "conv$1");
  }

  /** a + factor·b + more, computed in double and rounded once. */
  private Value sum(Value a, double[] b, double factor, double more) {
    double[] values = a.doubles();
    if (b != null && b.length != values.length) {
      throw foreign("a bias of " + b.length + " channels before a norm of " + values.length);
    }
    float[] sum = new float[values.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) (values[i] + (b == null ? 0 : factor * b[i]) + more);
    }
    return Value.of(a.shape(), sum);
  }

  private UserError foreign(String what) {
    return UserError.of("not a ResNet of Keras whose layers are known")
        .at(file)
        .rule("layers are those of keras.applications' ResNet50, 101, 152; found " + what);
  }
}
