package akin.retrieval.pretrained;

import akin.nn.backbone.Architecture;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.data.StandardPreprocessing;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The cards of published weight files, and the preprocessings by name. */
public final class WeightCards {
  private static final int DIGITS = 8;
  private static final Map<String, Preprocessing> STANDARD = standard();

  private WeightCards() {}

  /**
   * One line of the table.
   *
   * @param backbone architecture in one line
   * @param preprocessing a name of {@link #preprocessings}
   * @param name as the file was published
   */
  record Line(String backbone, String preprocessing, String name) {
    WeightCard card() {
      return new WeightCard(Architecture.parse(backbone), WeightCards.preprocessing(preprocessing));
    }
  }

  /** The card of a published file. */
  static Optional<WeightCard> find(String sha256) {
    return Optional.ofNullable(table().get(sha256.substring(0, DIGITS))).map(Line::card);
  }

  /** The whole table by the first digits of the files' SHA-256. */
  static Map<String, Line> table() {
    try (InputStream in = WeightCards.class.getResourceAsStream("cards.yaml")) {
      return new ObjectMapper(new YAMLFactory()).readValue(in, new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException("the table of weight cards is part of the program", e);
    }
  }

  /** Preprocessings that have a name. */
  public static Map<String, Preprocessing> preprocessings() {
    return STANDARD;
  }

  /**
   * A preprocessing by its name or by its {@linkplain Preprocessing#id line}.
   *
   * @throws UserError if it is neither
   */
  public static Preprocessing preprocessing(String text) {
    if (text.contains("=")) {
      return Preprocessing.parse(text);
    }
    Preprocessing named = STANDARD.get(text);
    if (named == null) {
      throw UserError.of("there is no preprocessing '" + text + "'")
          .mend(NearestName.hint(text, STANDARD.keySet()));
    }
    return named;
  }

  private static Map<String, Preprocessing> standard() {
    Map<String, Preprocessing> names = new LinkedHashMap<>();
    names.put("torchvision-v1", StandardPreprocessing.TORCHVISION_V1);
    names.put("torchvision-v2", StandardPreprocessing.TORCHVISION_V2);
    names.put("convnext-tiny", StandardPreprocessing.CONVNEXT_TINY);
    names.put("convnext-small", StandardPreprocessing.CONVNEXT_SMALL);
    names.put("convnext-base", StandardPreprocessing.CONVNEXT_BASE);
    names.put("efficientnet-b0", StandardPreprocessing.EFFICIENTNET_B0);
    names.put("vit-l-16", StandardPreprocessing.VIT_L_16);
    names.put("vit-h-14", StandardPreprocessing.VIT_H_14);
    names.put("vit-h-14-518", StandardPreprocessing.VIT_H_14_518);
    names.put("inception", StandardPreprocessing.INCEPTION);
    names.put("caffe", StandardPreprocessing.CAFFE);
    names.put("cifar", StandardPreprocessing.CIFAR);
    return Collections.unmodifiableMap(names);
  }
}
