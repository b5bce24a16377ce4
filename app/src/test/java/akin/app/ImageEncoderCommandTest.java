package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A weight file of timm, with what belongs to texts, from checking to features. */
class ImageEncoderCommandTest {
  private static final String TRAINED = "vit_ti_16 image=32";
  private static final String USED = "vit_ti_16 image=48";

  @TempDir Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() {
    weights = folder.resolve("weights.safetensors");
    try (Backend backend = Backends.open("cpu", 1);
        Backbone network = Architecture.parse(TRAINED).create()) {
      network.initialise(backend, 1);
      Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
      StateDict.of(network).values().forEach((name, v) -> arrays.put(timm(name), v.array()));
      arrays.put("logit_scale", Safetensors.Array.of(new float[] {1}));
      Safetensors.write(weights, arrays, Map.of());
    }
  }

  private static String timm(String name) {
    return name.replace("class_token", "cls_token")
        .replace("encoder.pos_embedding", "pos_embed")
        .replace("conv_proj.", "patch_embed.proj.")
        .replace("encoder.layers.encoder_layer_", "blocks.")
        .replace(".ln_1.", ".norm1.")
        .replace(".ln_2.", ".norm2.")
        .replace(".self_attention.in_proj_", ".attn.qkv.")
        .replace(".self_attention.out_proj.", ".attn.proj.")
        .replace(".mlp.0.", ".mlp.fc1.")
        .replace(".mlp.3.", ".mlp.fc2.")
        .replace("encoder.ln.", "norm.")
        .replace("heads.head.", "head.");
  }

  @Test
  void itFitsUnderItsLibrarysNames() {
    Cli run = Cli.run("weights", "check", weights.toString(), "--backbone", USED, "--json");
    assertEquals(0, run.code(), run.err());
    String notes = run.json().get("notes").toString();
    assertTrue(notes.contains("152 names of timm"), notes);
    assertTrue(notes.contains("1 array is no part of this image encoder and left out"), notes);
    assertTrue(notes.contains("resized from 2×2 to 3×3 patches"), notes);
    Cli other = Cli.run("weights", "check", weights.toString(), "--backbone", "vit_s_16", "--json");
    assertEquals(1, other.code(), other.err());
  }

  /** The preparation follows from the network's name and size. */
  @Test
  void itGivesFeaturesWithoutBeingToldHowPicturesArePrepared() throws IOException {
    Path kind = Files.createDirectories(folder.resolve("pictures/kind"));
    BufferedImage picture = new BufferedImage(60, 70, BufferedImage.TYPE_3BYTE_BGR);
    ImageIO.write(picture, "png", kind.resolve("one.png").toFile());
    Path out = folder.resolve("features.safetensors");
    String pictures = folder.resolve("pictures").toString();
    Cli run =
        Cli.run(
            "extract",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--json",
            "--weights",
            weights.toString(),
            "--backbone",
            USED,
            "--data",
            pictures,
            "--out",
            out.toString());
    assertEquals(0, run.code(), run.err());
    JsonNode json = run.json();
    assertEquals(192, json.get("width").asInt());
    assertTrue(json.get("preprocessing").asText().startsWith("size=48x48 fit=crop53"));
  }
}
