package akin.nn.backbone;

import akin.nn.backbone.Architecture.Choice;
import akin.nn.backbone.Architecture.Options;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The backbones by torchvision's names. */
public final class Backbones {
  private static final Map<String, Entry> KNOWN = new LinkedHashMap<>();

  /**
   * @param choices what it can be told
   * @param make builds it
   */
  private record Entry(Set<Choice> choices, Function<Options, Backbone> make) {}

  static {
    Set<Choice> basic = Set.of(Choice.LAST_STRIDE, Choice.END);
    Set<Choice> bottleneck = Set.of(Choice.LAST_STRIDE, Choice.STRIDE_FIRST, Choice.END);
    add("resnet18", basic, o -> new ResNet(ResNet.Plan.basic(2, 2, 2, 2), o));
    add("resnet34", basic, o -> new ResNet(ResNet.Plan.basic(3, 4, 6, 3), o));
    add("resnet50", bottleneck, o -> new ResNet(ResNet.Plan.bottleneck(3, 4, 6, 3), o));
    add("resnet101", bottleneck, o -> new ResNet(ResNet.Plan.bottleneck(3, 4, 23, 3), o));
    add("resnet152", bottleneck, o -> new ResNet(ResNet.Plan.bottleneck(3, 8, 36, 3), o));
    add(
        "resnext50_32x4d",
        bottleneck,
        o -> new ResNet(ResNet.Plan.bottleneck(3, 4, 6, 3).groups(32, 4), o));
    add(
        "wide_resnet50_2",
        bottleneck,
        o -> new ResNet(ResNet.Plan.bottleneck(3, 4, 6, 3).groups(1, 128), o));
    add("mobilenet_v2", Set.of(Choice.WIDTH, Choice.PADDING), MobileNetV2::new);
    add("mobilenet_v3_small", Set.of(), o -> new MobileNetV3(MobileNetV3.SMALL, o));
    add("mobilenet_v3_large", Set.of(), o -> new MobileNetV3(MobileNetV3.LARGE, o));
    add("efficientnet_b0", Set.of(), EfficientNet::new);
    add("squeezenet1_0", Set.of(), o -> new SqueezeNet(SqueezeNet.Version.V1_0, o));
    add("squeezenet1_1", Set.of(), o -> new SqueezeNet(SqueezeNet.Version.V1_1, o));
    add("shufflenet_v2_x0_5", Set.of(), ShuffleNetV2::new);
    add("vgg11_bn", Set.of(), Vgg::new);
    for (int blocks : new int[] {3, 5, 7, 9}) {
      add("resnet" + (6 * blocks + 2), Set.of(), o -> new CifarResNet(blocks, o));
    }
    ImageEncoders.convolutional()
        .forEach(
            (name, plan) -> add(name, ImageEncoders.choices(plan), o -> new ConvNeXt(plan, o)));
    ImageEncoders.all()
        .forEach(
            (name, plan) ->
                add(name, ImageEncoders.choices(plan), o -> new VisionTransformer(plan, o)));
  }

  private Backbones() {}

  private static void add(String name, Set<Choice> choices, Function<Options, Backbone> make) {
    KNOWN.put(name, new Entry(choices, make));
  }

  /** The names that there are. */
  public static Collection<String> names() {
    return Collections.unmodifiableSet(KNOWN.keySet());
  }

  /** What a backbone can be told. */
  static Set<Choice> choices(String name) {
    return entry(name).choices;
  }

  /** The network, not yet initialised. */
  static Backbone create(Architecture architecture) {
    return entry(architecture.name()).make.apply(architecture.options());
  }

  private static Entry entry(String name) {
    Entry entry = KNOWN.get(name);
    if (entry == null) {
      throw UserError.of("there is no backbone '" + name + "'")
          .mend(NearestName.hint(name, KNOWN.keySet()));
    }
    return entry;
  }
}
