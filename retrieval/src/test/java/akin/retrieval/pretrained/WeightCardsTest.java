package akin.retrieval.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbones;
import akin.retrieval.data.Preprocessing;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of published weight files. */
class WeightCardsTest {
  @Test
  void everyLineNamesANetworkAndAPreprocessingAndItsOwnDigits() {
    Map<String, WeightCards.Line> table = WeightCards.table();
    Set<String> networks = new HashSet<>();
    table.forEach(
        (digits, line) -> {
          assertTrue(digits.matches("[0-9a-f]{8}"), digits);
          WeightCard card = line.card();
          networks.add(card.architecture().name());
          boolean named = line.name().matches(".*-[0-9a-f]{8,}\\.(pth|th)");
          assertTrue(!named || line.name().contains("-" + digits), line.name());
        });
    Set<String> unpublished = Set.of("resnet32", "resnet44", "resnet56");
    Set<String> known = new HashSet<>(Backbones.names());
    known.removeAll(unpublished);
    known.removeIf(name -> UsualPreprocessing.of(Architecture.parse(name)).isPresent());
    assertEquals(known, networks, "a published file or a usual preparation");
  }

  @Test
  void imageEncodersArePreparedAsTheyArePublished() {
    assertEquals(
        "size=224x224 fit=crop224 filter=bicubic channels=3 divisor=255.0"
            + " mean=0.48145466,0.4578275,0.40821073 std=0.26862954,0.26130258,0.27577711",
        usual("ViT-B-32 activation=quick"));
    assertEquals(
        "size=384x384 fit=stretch filter=bicubic channels=3 divisor=255.0 mean=0.5,0.5,0.5"
            + " std=0.5,0.5,0.5",
        usual("vit_so400m_patch14_siglip"));
    String imageNet = " channels=3 divisor=255.0 mean=0.485,0.456,0.406 std=0.229,0.224,0.225";
    assertEquals("size=224x224 fit=stretch filter=bilinear" + imageNet, usual("ViT-L-14-CLIPA"));
    assertEquals(
        "size=224x224 fit=crop224 filter=bicubic" + imageNet, usual("dinov2_vits14 image=224"));
    assertTrue(usual("vit_s_16").startsWith("size=224x224 fit=crop248 filter=bicubic"));
    assertTrue(usual("vit_s_16 image=384").startsWith("size=384x384 fit=crop384"));
    assertTrue(UsualPreprocessing.of(Architecture.parse("vit_b_16")).isEmpty());
    assertTrue(UsualPreprocessing.of(Architecture.parse("vit_h_14")).isEmpty(), "torchvision's");
  }

  private static String usual(String backbone) {
    return UsualPreprocessing.of(Architecture.parse(backbone)).orElseThrow().id();
  }

  @Test
  void everyNamedPreprocessingReadsItsOwnLine() {
    WeightCards.preprocessings()
        .forEach(
            (name, p) -> {
              assertEquals(p, WeightCards.preprocessing(name));
              assertEquals(p, Preprocessing.parse(p.id()));
            });
  }
}
