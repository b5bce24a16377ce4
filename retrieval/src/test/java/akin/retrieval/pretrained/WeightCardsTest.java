package akin.retrieval.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    assertEquals(known, networks, "every backbone has at least one published file");
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
