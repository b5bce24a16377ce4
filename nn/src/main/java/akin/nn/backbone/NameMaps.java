package akin.nn.backbone;

import akin.nn.Resampling;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The names that libraries give the weights of {@link VisionTransformer} and {@link ConvNeXt};
 * those of torchvision are the networks' own.
 */
final class NameMaps {
  /** What files of models of pictures and texts hold beside the image encoder. */
  private static final String TEXTS =
      """
      /input_resolution            -> -
      /context_length              -> -
      /vocab_size                  -> -
      /logit_scale                 -> -
      /logit_bias                  -> -
      /text_model.*                -> -
      /text_projection             -> -
      /text_projection.*           -> -
      /text.*                      -> -
      /transformer.*               -> -
      /token_embedding.*           -> -
      /positional_embedding        -> -
      /ln_final.*                  -> -
      """;

  private static final NameMap OLD_TORCHVISION =
      NameMap.of(
          "an older torchvision",
          Resampling.CUBIC_CORNERS,
          List.of("encoder.layers.encoder_layer_0.mlp.linear_1.weight"),
          List.of(""),
          """
          encoder.layers.encoder_layer_#.mlp.linear_1.@ -> encoder.layers.encoder_layer_#.mlp.0.@
          encoder.layers.encoder_layer_#.mlp.linear_2.@ -> encoder.layers.encoder_layer_#.mlp.3.@
          """);

  private static final NameMap OPEN_CLIP =
      NameMap.of(
          "open_clip",
          Resampling.CUBIC_ANTIALIAS,
          List.of("transformer.resblocks.0.attn.in_proj_weight"),
          List.of("visual.", ""),
          """
          class_embedding          -> class_token
          positional_embedding     -> encoder.pos_embedding
          conv1.*                  -> conv_proj.*
          ln_pre.*                 -> encoder.ln_pre.*
          ln_post.*                -> encoder.ln.*
          proj^T                   -> heads.head.weight
          transformer.resblocks.#.ln_1.* -> encoder.layers.encoder_layer_#.ln_1.*
          transformer.resblocks.#.ln_2.* -> encoder.layers.encoder_layer_#.ln_2.*
          transformer.resblocks.#.attn.* -> encoder.layers.encoder_layer_#.self_attention.*
          transformer.resblocks.#.mlp.c_fc.*   -> encoder.layers.encoder_layer_#.mlp.0.*
          transformer.resblocks.#.mlp.c_proj.* -> encoder.layers.encoder_layer_#.mlp.3.*
          """
              + TEXTS);

  /** timm's, and those of DINOv2, EVA and SAM themselves, which differ in single parts only. */
  private static final String BLOCKS =
      """
      cls_token                -> class_token
      pos_embed                -> encoder.pos_embedding
      reg_token                -> encoder.register_tokens
      register_tokens          -> encoder.register_tokens
      mask_token               -> -
      lm_head.*                -> -
      rope.*                   -> -
      patch_embed.proj.*       -> conv_proj.*
      norm_pre.*               -> encoder.ln_pre.*
      norm.*                   -> encoder.ln.*
      fc_norm.*                -> ln.*
      head.@                   -> heads.head.@
      blocks.#.norm1.*         -> encoder.layers.encoder_layer_#.ln_1.*
      blocks.#.norm2.*         -> encoder.layers.encoder_layer_#.ln_2.*
      blocks.#.ls1.gamma       -> encoder.layers.encoder_layer_#.ls_1.gamma
      blocks.#.ls2.gamma       -> encoder.layers.encoder_layer_#.ls_2.gamma
      blocks.#.attn.qkv.@      -> encoder.layers.encoder_layer_#.self_attention.in_proj_@
      blocks.#.attn.q_proj.weight + blocks.#.attn.k_proj.weight + blocks.#.attn.v_proj.weight \
          -> encoder.layers.encoder_layer_#.self_attention.in_proj_weight
      blocks.#.attn.q_proj.bias -> encoder.layers.encoder_layer_#.self_attention.q_bias
      blocks.#.attn.v_proj.bias -> encoder.layers.encoder_layer_#.self_attention.v_bias
      blocks.#.attn.q_bias     -> encoder.layers.encoder_layer_#.self_attention.q_bias
      blocks.#.attn.v_bias     -> encoder.layers.encoder_layer_#.self_attention.v_bias
      blocks.#.attn.k_bias     -> -
      blocks.#.attn.rope.*     -> -
      blocks.#.attn.proj.*     -> encoder.layers.encoder_layer_#.self_attention.out_proj.*
      blocks.#.attn.norm.*     -> encoder.layers.encoder_layer_#.self_attention.norm.*
      blocks.#.attn.inner_attn_ln.* -> encoder.layers.encoder_layer_#.self_attention.norm.*
      blocks.#.attn.rel_pos_h \
          -> encoder.layers.encoder_layer_#.self_attention.relative.rel_pos_h
      blocks.#.attn.rel_pos_w \
          -> encoder.layers.encoder_layer_#.self_attention.relative.rel_pos_w
      blocks.#.mlp.fc1.*       -> encoder.layers.encoder_layer_#.mlp.0.*
      blocks.#.mlp.fc2.*       -> encoder.layers.encoder_layer_#.mlp.3.*
      blocks.#.mlp.lin1.*      -> encoder.layers.encoder_layer_#.mlp.0.*
      blocks.#.mlp.lin2.*      -> encoder.layers.encoder_layer_#.mlp.3.*
      blocks.#.mlp.w12.*       -> encoder.layers.encoder_layer_#.mlp.0.*
      blocks.#.mlp.w3.*        -> encoder.layers.encoder_layer_#.mlp.3.*
      blocks.#.mlp.fc1_g.@ + blocks.#.mlp.fc1_x.@ -> encoder.layers.encoder_layer_#.mlp.0.@
      blocks.#.mlp.w1.@ + blocks.#.mlp.w2.@ -> encoder.layers.encoder_layer_#.mlp.0.@
      blocks.#.mlp.norm.*      -> encoder.layers.encoder_layer_#.mlp.norm.*
      blocks.#.mlp.ffn_ln.*    -> encoder.layers.encoder_layer_#.mlp.norm.*
      attn_pool.latent         -> pool.probe
      attn_pool.q.@ + attn_pool.kv.@ -> pool.in_proj_@
      attn_pool.proj.*         -> pool.out_proj.*
      attn_pool.norm.*         -> pool.norm.*
      attn_pool.mlp.fc1.*      -> pool.mlp.0.*
      attn_pool.mlp.fc2.*      -> pool.mlp.3.*
      neck.*                   -> neck.*
      /prompt_encoder.*        -> -
      /mask_decoder.*          -> -
      """
          + TEXTS;

  private static final NameMap TIMM =
      NameMap.of(
          "timm",
          Resampling.CUBIC_ANTIALIAS,
          List.of("blocks.0.norm1.weight"),
          List.of("visual.trunk.", "image_encoder.", "", "visual."),
          BLOCKS);

  private static final NameMap DINO_REGISTERS =
      dino(Resampling.CUBIC_ANTIALIAS, "mask_token", "register_tokens", "blocks.0.ls1.gamma");

  private static final NameMap DINO =
      dino(Resampling.CUBIC_SHIFTED, "mask_token", "blocks.0.ls1.gamma");

  private static NameMap dino(Resampling resampling, String... signs) {
    return NameMap.of("DINOv2", resampling, List.of(signs), List.of(""), BLOCKS);
  }

  private static final NameMap HF_CLIP =
      NameMap.of(
          "transformers' CLIP and SigLIP",
          Resampling.CUBIC,
          List.of("embeddings.patch_embedding.weight"),
          List.of("vision_model.", ""),
          """
          embeddings.class_embedding     -> class_token
          embeddings.position_embedding.weight -> encoder.pos_embedding
          embeddings.position_ids        -> -
          embeddings.patch_embedding.*   -> conv_proj.*
          pre_layrnorm.*                 -> encoder.ln_pre.*
          post_layernorm.*               -> encoder.ln.*
          /visual_projection.weight      -> heads.head.weight
          encoder.layers.#.layer_norm1.* -> encoder.layers.encoder_layer_#.ln_1.*
          encoder.layers.#.layer_norm2.* -> encoder.layers.encoder_layer_#.ln_2.*
          encoder.layers.#.self_attn.q_proj.@ + encoder.layers.#.self_attn.k_proj.@ \
              + encoder.layers.#.self_attn.v_proj.@ \
              -> encoder.layers.encoder_layer_#.self_attention.in_proj_@
          encoder.layers.#.self_attn.out_proj.* \
              -> encoder.layers.encoder_layer_#.self_attention.out_proj.*
          encoder.layers.#.mlp.fc1.*     -> encoder.layers.encoder_layer_#.mlp.0.*
          encoder.layers.#.mlp.fc2.*     -> encoder.layers.encoder_layer_#.mlp.3.*
          head.probe                     -> pool.probe
          head.attention.*               -> pool.*
          head.layernorm.*               -> pool.norm.*
          head.mlp.fc1.*                 -> pool.mlp.0.*
          head.mlp.fc2.*                 -> pool.mlp.3.*
          """
              + TEXTS);

  private static final String LAYERS =
      """
      embeddings.cls_token           -> class_token
      embeddings.register_tokens     -> encoder.register_tokens
      embeddings.mask_token          -> -
      embeddings.position_embeddings -> encoder.pos_embedding
      embeddings.patch_embeddings.projection.* -> conv_proj.*
      layernorm.*                    -> encoder.ln.*
      pooler.*                       -> -
      /classifier.@                  -> heads.head.@
      encoder.layer.#.norm1.*        -> encoder.layers.encoder_layer_#.ln_1.*
      encoder.layer.#.norm2.*        -> encoder.layers.encoder_layer_#.ln_2.*
      encoder.layer.#.layernorm_before.* -> encoder.layers.encoder_layer_#.ln_1.*
      encoder.layer.#.layernorm_after.*  -> encoder.layers.encoder_layer_#.ln_2.*
      encoder.layer.#.layer_scale1.lambda1 -> encoder.layers.encoder_layer_#.ls_1.gamma
      encoder.layer.#.layer_scale2.lambda1 -> encoder.layers.encoder_layer_#.ls_2.gamma
      encoder.layer.#.attention.attention.query.@ \
          + encoder.layer.#.attention.attention.key.@ \
          + encoder.layer.#.attention.attention.value.@ \
          -> encoder.layers.encoder_layer_#.self_attention.in_proj_@
      encoder.layer.#.attention.output.dense.* \
          -> encoder.layers.encoder_layer_#.self_attention.out_proj.*
      encoder.layer.#.mlp.fc1.*      -> encoder.layers.encoder_layer_#.mlp.0.*
      encoder.layer.#.mlp.fc2.*      -> encoder.layers.encoder_layer_#.mlp.3.*
      encoder.layer.#.mlp.weights_in.*  -> encoder.layers.encoder_layer_#.mlp.0.*
      encoder.layer.#.mlp.weights_out.* -> encoder.layers.encoder_layer_#.mlp.3.*
      encoder.layer.#.intermediate.dense.* -> encoder.layers.encoder_layer_#.mlp.0.*
      encoder.layer.#.output.dense.*       -> encoder.layers.encoder_layer_#.mlp.3.*
      """;

  private static final String PATCHES = "embeddings.patch_embeddings.projection.weight";

  private static final NameMap HF_REGISTERS =
      transformers(Resampling.CUBIC_ANTIALIAS, PATCHES, "embeddings.register_tokens");

  private static final NameMap HF_VIT = transformers(Resampling.CUBIC, PATCHES);

  private static NameMap transformers(Resampling resampling, String... signs) {
    return NameMap.of(
        "transformers' DINOv2 and ViT",
        resampling,
        List.of(signs),
        List.of("dinov2.", "dinov2_with_registers.", "vit.", ""),
        LAYERS);
  }

  private static final NameMap HF_SAM =
      NameMap.of(
          "transformers' SAM",
          Resampling.CUBIC_ANTIALIAS,
          List.of("patch_embed.projection.weight"),
          List.of("vision_encoder.", ""),
          """
          pos_embed                -> encoder.pos_embedding
          patch_embed.projection.* -> conv_proj.*
          layers.#.layer_norm1.*   -> encoder.layers.encoder_layer_#.ln_1.*
          layers.#.layer_norm2.*   -> encoder.layers.encoder_layer_#.ln_2.*
          layers.#.attn.qkv.@      -> encoder.layers.encoder_layer_#.self_attention.in_proj_@
          layers.#.attn.proj.*     -> encoder.layers.encoder_layer_#.self_attention.out_proj.*
          layers.#.attn.rel_pos_h \
              -> encoder.layers.encoder_layer_#.self_attention.relative.rel_pos_h
          layers.#.attn.rel_pos_w \
              -> encoder.layers.encoder_layer_#.self_attention.relative.rel_pos_w
          layers.#.mlp.lin1.*      -> encoder.layers.encoder_layer_#.mlp.0.*
          layers.#.mlp.lin2.*      -> encoder.layers.encoder_layer_#.mlp.3.*
          neck.conv1.*             -> neck.0.*
          neck.layer_norm1.*       -> neck.1.*
          neck.conv2.*             -> neck.2.*
          neck.layer_norm2.*       -> neck.3.*
          /prompt_encoder.*        -> -
          /mask_decoder.*          -> -
          /shared_image_embedding.* -> -
          """);

  /** Maps of the transformer. */
  static final List<NameMap> TRANSFORMER =
      List.of(
          OLD_TORCHVISION,
          OPEN_CLIP,
          HF_SAM,
          HF_REGISTERS,
          HF_VIT,
          HF_CLIP,
          DINO_REGISTERS,
          DINO,
          TIMM);

  private static final String TIMM_STAGES =
      """
      stages.S.downsample.#.*     -> features.D.#.*
      stages.S.blocks.#.conv_dw.* -> features.B.#.block.0.*
      stages.S.blocks.#.norm.*    -> features.B.#.block.2.*
      stages.S.blocks.#.mlp.fc1.* -> features.B.#.block.3.*
      stages.S.blocks.#.mlp.fc2.* -> features.B.#.block.5.*
      stages.S.blocks.#.gamma     -> features.B.#.layer_scale
      """
          + TEXTS;

  private static final NameMap TIMM_CONVNEXT =
      convnext(
          "timm",
          "stem.0.weight",
          List.of("visual.trunk.", "", "visual."),
          """
          stem.#.*                    -> features.0.#.*
          head.norm.*                 -> classifier.0.*
          head.fc.@                   -> classifier.2.@
          /visual.head.proj.weight    -> classifier.2.weight
          /visual.head.mlp.fc1.*      -> classifier.2.*
          /visual.head.mlp.fc2.*      -> classifier.4.*
          """,
          TIMM_STAGES);

  /** timm's with an mlp behind the feature, whose last matrix takes the name of the only one. */
  private static final NameMap TIMM_CONVNEXT_MLP =
      convnext(
          "timm",
          "head.pre_logits.fc.weight",
          List.of(""),
          """
          stem.#.*                    -> features.0.#.*
          head.norm.*                 -> classifier.0.*
          head.pre_logits.fc.*        -> classifier.2.*
          head.fc.@                   -> classifier.4.@
          """,
          TIMM_STAGES);

  private static final NameMap HF_CONVNEXT =
      convnext(
          "transformers' ConvNeXt",
          "embeddings.patch_embeddings.weight",
          List.of("convnext.", ""),
          """
          embeddings.patch_embeddings.* -> features.0.0.*
          embeddings.layernorm.*        -> features.0.1.*
          layernorm.*                   -> classifier.0.*
          /classifier.@                 -> classifier.2.@
          """,
          """
          encoder.stages.S.downsampling_layer.#.* -> features.D.#.*
          encoder.stages.S.layers.#.dwconv.*      -> features.B.#.block.0.*
          encoder.stages.S.layers.#.layernorm.*   -> features.B.#.block.2.*
          encoder.stages.S.layers.#.pwconv1.*     -> features.B.#.block.3.*
          encoder.stages.S.layers.#.pwconv2.*     -> features.B.#.block.5.*
          encoder.stages.S.layers.#.layer_scale_parameter -> features.B.#.layer_scale
          """);

  private static final NameMap FIRST_CONVNEXT =
      convnext(
          "ConvNeXt's authors",
          "downsample_layers.0.0.weight",
          List.of(""),
          """
          norm.*                  -> classifier.0.*
          head.@                  -> classifier.2.@
          """,
          """
          downsample_layers.S.#.* -> features.D.#.*
          stages.S.#.dwconv.*     -> features.B.#.block.0.*
          stages.S.#.norm.*       -> features.B.#.block.2.*
          stages.S.#.pwconv1.*    -> features.B.#.block.3.*
          stages.S.#.pwconv2.*    -> features.B.#.block.5.*
          stages.S.#.gamma        -> features.B.#.layer_scale
          """);

  /** Maps of ConvNeXt. */
  static final List<NameMap> CONVNEXT =
      List.of(TIMM_CONVNEXT_MLP, TIMM_CONVNEXT, HF_CONVNEXT, FIRST_CONVNEXT);

  private NameMaps() {}

  /**
   * A map of ConvNeXt.
   *
   * @param stages lines for each stage S: D and B are where torchvision counts what comes before
   *     its blocks, and its blocks
   */
  private static NameMap convnext(
      String library, String sign, List<String> prefixes, String around, String stages) {
    String all =
        IntStream.range(0, 4)
            .mapToObj(
                s ->
                    stages
                        .replace(".S.", "." + s + ".")
                        .replace(".D.", "." + 2 * s + ".")
                        .replace(".B.", "." + (2 * s + 1) + "."))
            .collect(Collectors.joining());
    return NameMap.of(library, Resampling.CUBIC_ANTIALIAS, List.of(sign), prefixes, around + all);
  }
}
