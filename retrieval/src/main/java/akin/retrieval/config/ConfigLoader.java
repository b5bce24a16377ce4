package akin.retrieval.config;

import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads YAML files into records, strictly: every key must be known and have a value of its type,
 * and whatever is wrong is told with the key, the file and the line.
 *
 * <pre>
 * configs/faces.yaml:12: unknown key training.epoch
 *   rule: the keys of training are epochs, steps, batch
 *   mend: did you mean epochs?
 * </pre>
 *
 * <p>The records give defaults and check ranges in their compact constructors; an {@link
 * IllegalArgumentException} thrown there whose message begins with a key's name is told at that
 * key's line.
 */
public final class ConfigLoader {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private ConfigLoader() {}

  /**
   * Reads {@code file}, puts the overrides in place of its values, and makes the record.
   *
   * @param type a record
   * @param overrides each {@code key.sub=value}, the value in YAML; checked like the file's own
   *     lines, the later one wins
   * @throws UserError naming the key, the file and line (or the override), the rule and the mend
   */
  public static <T> T load(Path file, Class<T> type, List<String> overrides) {
    return parse(read(file), file.toString(), type, overrides);
  }

  /**
   * Makes the record from YAML text.
   *
   * @param where the text came from, for messages
   * @param overrides as for {@link #load}
   * @throws UserError as {@link #load} does
   */
  public static <T> T parse(String text, String where, Class<T> type, List<String> overrides) {
    YamlTree tree = YamlTree.parse(MAPPER, text, where);
    for (String override : overrides) {
      tree = tree.with(MAPPER, override);
    }
    return make(tree, type);
  }

  /** The same as it is. */
  public static <T> T parse(String text, String where, Class<T> type) {
    return parse(text, where, type, List.of());
  }

  private static <T> T make(YamlTree tree, Class<T> type) {
    Diagnosis diagnosis = new Diagnosis(MAPPER, tree);
    diagnosis.checkKeys(type);
    try {
      return MAPPER.treeToValue(tree.root(), type);
    } catch (JsonMappingException e) {
      throw diagnosis.of(e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree in memory has no syntax to be wrong", e);
    }
  }

  /** The record as YAML, with every default filled in; {@link #load} reads it back as equal. */
  public static String write(Object config) {
    try {
      return MAPPER.writeValueAsString(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + config.getClass() + " as YAML", e);
    }
  }

  private static String read(Path file) {
    try {
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw UserError.of("there is no such configuration file").at(file).because(e);
    } catch (CharacterCodingException e) {
      throw UserError.of("the configuration file is not UTF-8 text").at(file).because(e);
    } catch (IOException e) {
      throw UserError.of("cannot read the configuration file: " + e.getMessage())
          .at(file)
          .because(e);
    }
  }
}
