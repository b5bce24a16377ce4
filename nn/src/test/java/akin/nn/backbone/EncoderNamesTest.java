package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.TransformerPlan.Pooling;
import akin.nn.backbone.TransformerPlan.Size;
import akin.nn.backbone.TransformerPlan.Trait;
import akin.tensor.Shape;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Other libraries' names: what is renamed, joined, turned, left out, refused, and what is told. */
class EncoderNamesTest {
  private static final TransformerPlan CLIP =
      TransformerPlan.of(Size.of(4, 1, 2, 6), 8)
          .with(Trait.CLASS_TOKEN, Trait.NORM_BEFORE)
          .pooling(Pooling.CLASS)
          .outputs(3);

  private final List<String> told = new ArrayList<>();
  private double next;

  private StateDict.Value value(long... sizes) {
    Shape shape = Shape.of(sizes);
    double[] values = new double[Math.toIntExact(shape.count())];
    Arrays.setAll(values, i -> next++);
    return StateDict.Value.of(shape, values);
  }

  private void norm(StateDict dict, String name) {
    dict.put(name + ".weight", value(6));
    dict.put(name + ".bias", value(6));
  }

  private void matrix(StateDict dict, String name, int out, int in) {
    dict.put(name + ".weight", value(out, in));
    dict.put(name + ".bias", value(out));
  }

  /** A file of transformers with its text tower and numbers of positions. */
  private StateDict transformers() {
    StateDict dict = new StateDict();
    dict.put("logit_scale", value());
    dict.put("text_model.final_layer_norm.weight", value(5));
    dict.put("text_projection.weight", value(3, 5));
    dict.put("visual_projection.weight", value(3, 6));
    dict.put("vision_model.embeddings.class_embedding", value(6));
    dict.put("vision_model.embeddings.position_ids", value(1, 5));
    dict.put("vision_model.embeddings.position_embedding.weight", value(5, 6));
    dict.put("vision_model.embeddings.patch_embedding.weight", value(6, 3, 4, 4));
    norm(dict, "vision_model.pre_layrnorm");
    norm(dict, "vision_model.post_layernorm");
    String layer = "vision_model.encoder.layers.0.";
    norm(dict, layer + "layer_norm1");
    norm(dict, layer + "layer_norm2");
    for (String part : List.of("k", "v", "q", "out")) {
      matrix(dict, layer + "self_attn." + part + "_proj", 6, 6);
    }
    matrix(dict, layer + "mlp.fc1", 24, 6);
    matrix(dict, layer + "mlp.fc2", 6, 24);
    return dict;
  }

  private StateDict adapted(TransformerPlan plan, int image, StateDict weights) {
    return new VisionTransformer(plan, image, image, -1).adapt(weights, told::add);
  }

  @Test
  void queriesKeysAndValuesAreJoinedInTheirOrder() {
    StateDict file = transformers();
    StateDict adapted = adapted(CLIP, 8, file);
    double[] joined =
        adapted
            .values()
            .get("encoder.layers.encoder_layer_0.self_attention.in_proj_weight")
            .doubles();
    int at = 0;
    for (String part : List.of("q", "k", "v")) {
      String name = "vision_model.encoder.layers.0.self_attn." + part + "_proj.weight";
      double[] rows = file.values().get(name).doubles();
      assertArrayEquals(rows, Arrays.copyOfRange(joined, at, at + 36), part);
      at += 36;
    }
  }

  /** CLIP's own files tell sizes beside weights. */
  @Test
  void sizesInClipsOwnFilesAreLeftOut() {
    StateDict dict = new StateDict();
    for (String size : List.of("input_resolution", "context_length", "vocab_size")) {
      dict.put(size, value());
    }
    dict.put("visual.class_embedding", value(6));
    dict.put("visual.positional_embedding", value(5, 6));
    dict.put("visual.proj", value(6, 3));
    dict.put("visual.conv1.weight", value(6, 3, 4, 4));
    norm(dict, "visual.ln_pre");
    norm(dict, "visual.ln_post");
    String block = "visual.transformer.resblocks.0.";
    norm(dict, block + "ln_1");
    norm(dict, block + "ln_2");
    dict.put(block + "attn.in_proj_weight", value(18, 6));
    dict.put(block + "attn.in_proj_bias", value(18));
    matrix(dict, block + "attn.out_proj", 6, 6);
    matrix(dict, block + "mlp.c_fc", 24, 6);
    matrix(dict, block + "mlp.c_proj", 6, 24);
    StateDict adapted = adapted(CLIP, 8, dict);
    try (Backend backend = new ReferenceBackend();
        Backbone network = new VisionTransformer(CLIP, 8, 8, -1)) {
      network.allocate(backend);
      adapted.into(network, "a test");
    }
  }

  @Test
  void theTextTowerIsLeftOutAndOneLineSaysSo() {
    StateDict adapted = adapted(CLIP, 8, transformers());
    assertEquals(2, told.size(), told.toString());
    assertEquals("20 names of transformers' CLIP and SigLIP", told.get(0));
    assertEquals(
        "4 arrays are no part of this image encoder and left out: logit_scale,"
            + " text_model.final_layer_norm.weight, text_projection.weight, …",
        told.get(1));
    try (Backend backend = new ReferenceBackend();
        Backbone network = new VisionTransformer(CLIP, 8, 8, -1)) {
      network.allocate(backend);
      adapted.into(network, "a test");
    }
  }

  @Test
  void aMissingPartIsRefusedInOneMessage() {
    StateDict file = new StateDict();
    transformers()
        .values()
        .forEach(
            (name, value) -> {
              if (!name.endsWith("k_proj.bias")) {
                file.put(name, value);
              }
            });
    StateDict adapted = adapted(CLIP, 8, file);
    try (Backend backend = new ReferenceBackend();
        Backbone network = new VisionTransformer(CLIP, 8, 8, -1)) {
      network.allocate(backend);
      String message =
          assertThrows(UserError.class, () -> adapted.into(network, "a test")).getMessage();
      assertTrue(message.contains("missing key(s): \"encoder.layers.encoder_layer_0.self_att"));
      assertTrue(message.contains("self_attn.q_proj.bias"), message);
    }
  }

  @Test
  void aProjectionIsTurnedWhereTheLibraryStoresItSo() {
    StateDict file = new StateDict();
    file.put("visual.transformer.resblocks.0.attn.in_proj_weight", value(18, 6));
    file.put("visual.proj", value(6, 3));
    file.put("positional_embedding", value(7, 6)); // the texts'
    StateDict adapted = adapted(CLIP, 8, file);
    double[] from = file.values().get("visual.proj").doubles();
    StateDict.Value turned = adapted.values().get("heads.head.weight");
    assertEquals(Shape.of(3, 6), turned.shape());
    for (int i = 0; i < from.length; i++) {
      assertEquals(from[i], turned.doubles()[i % 3 * 6 + i / 3]);
    }
    assertEquals(2, adapted.values().size(), adapted.values().keySet().toString());
  }

  @Test
  void blocksMayBeNumberedWithinChunks() {
    StateDict file = new StateDict();
    file.put("blocks.0.0.norm1.weight", value(6));
    file.put("blocks.0.0.norm2.weight", value(6));
    file.put("blocks.1.1.norm1.weight", value(6));
    StateDict adapted = adapted(CLIP, 8, file);
    assertTrue(adapted.values().containsKey("encoder.layers.encoder_layer_1.ln_1.weight"));
    assertTrue(adapted.values().containsKey("encoder.layers.encoder_layer_0.ln_2.weight"));
  }

  /** Neither overwrites the other: what is left over is refused when the weights are loaded. */
  @Test
  void twoArraysForOnePlaceAreBothKept() {
    TransformerPlan feature = CLIP.without(Trait.NORM_TOKENS).with(Trait.NORM_FEATURE);
    StateDict file = new StateDict();
    file.put("blocks.0.norm1.weight", value(6));
    file.put("fc_norm.weight", value(6));
    file.put("norm.weight", value(6));
    file.put("blocks.0.mlp.fc1.bias", value(24));
    file.put("blocks.0.mlp.lin1.bias", value(24));
    StateDict adapted = adapted(feature, 8, file);
    assertEquals(5, adapted.values().size(), adapted.values().keySet().toString());
    assertArrayEquals(
        file.values().get("fc_norm.weight").doubles(), adapted.values().get("ln.weight").doubles());
    assertTrue(adapted.values().containsKey("blocks.0.mlp.lin1.bias"));
  }

  /** timm stores a bias of zeros behind CLIP's feature; another one would be lost. */
  @Test
  void onlyABiasOfZerosIsLeftOut() {
    for (double bias : new double[] {0, 0.5}) {
      StateDict file = new StateDict();
      file.put("blocks.0.norm1.weight", value(6));
      file.put("head.bias", StateDict.Value.of(Shape.of(3), 0, bias, 0));
      boolean kept = adapted(CLIP, 8, file).values().containsKey("heads.head.bias");
      assertEquals(bias != 0, kept);
    }
  }

  /** A class token that holds its position already, as timm's with registers, gets one of zeros. */
  @Test
  void aMissingPositionOfTheClassTokenIsZero() {
    StateDict file = new StateDict();
    file.put("blocks.0.norm1.weight", value(6));
    file.put("pos_embed", value(1, 4, 6));
    double[] positions = adapted(CLIP, 8, file).values().get("encoder.pos_embedding").doubles();
    assertArrayEquals(new double[6], Arrays.copyOf(positions, 6));
    assertArrayEquals(
        file.values().get("pos_embed").doubles(), Arrays.copyOfRange(positions, 6, 30));
  }

  @Test
  void aNetworkWithoutAClassTokenHasNoFeatureOfIt() {
    String message =
        assertThrows(
                UserError.class,
                () -> Architecture.parse("vit_base_patch16_siglip pooling=class").create())
            .getMessage();
    assertTrue(message.contains("no class token"), message);
    message =
        assertThrows(
                UserError.class,
                () -> Architecture.parse("ViT-B-32 classes=5 project=true").create())
            .getMessage();
    assertTrue(message.contains("a projected feature has no classes behind it"), message);
  }
}
