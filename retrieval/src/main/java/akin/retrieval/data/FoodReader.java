package akin.retrieval.data;

import akin.tensor.UserError;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Food-101: {@code meta/train.json} and, if it is there, {@code meta/test.json}, each a
 * mapping from a class to the list of its pictures, {@code class/number}; these lie in {@code
 * images/class/number.jpg}. (The seed system trains on {@code test.json}, a quarter of the
 * pictures.)
 *
 * <p>Source: Bossard et al., "Food-101: mining discriminative components with random forests",
 * 2014.
 */
final class FoodReader {
  private static final String RULE = "{\"class\": [\"class/number\", …], …}";

  private FoodReader() {}

  static Dataset read(Path where) {
    SetPlace place = SetPlace.find(where, "food-101", "meta/train.json");
    List<ListedPicture> rows = new ArrayList<>();
    read(place.list(), place.split(), rows);
    Path test = place.home().resolve("meta/test.json");
    if (Files.isDirectory(where) && Files.isRegularFile(test)) {
      read(test, Split.TEST, rows);
    }
    Path folder = place.home().resolve("images").toAbsolutePath();
    return new PictureList(place.list().toString(), folder, rows).dataset();
  }

  private static void read(Path file, Split split, List<ListedPicture> rows) {
    JsonFactory json =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = json.createParser(file.toFile())) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, file, parser, "not a list of classes");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        readClass(file, split, parser, rows);
      }
    } catch (NoSuchFileException e) {
      throw UserError.of("the file is missing").at(file).because(e);
    } catch (JsonProcessingException e) {
      throw UserError.of("not JSON: " + e.getOriginalMessage())
          .at(file, Math.max(1, e.getLocation().getLineNr()))
          .rule(RULE)
          .because(e);
    } catch (IOException e) {
      throw UserError.of("cannot read the file: " + e.getMessage()).at(file).because(e);
    }
  }

  private static void readClass(Path file, Split split, JsonParser parser, List<ListedPicture> rows)
      throws IOException {
    String name = parser.currentName();
    int before = rows.size();
    expect(
        parser.nextToken() == JsonToken.START_ARRAY,
        file,
        parser,
        name + " has no list of pictures");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(
          parser.currentToken() == JsonToken.VALUE_STRING,
          file,
          parser,
          "a picture of " + name + " is no text");
      rows.add(
          ListedPicture.of(
              file,
              parser.currentTokenLocation().getLineNr(),
              parser.getText() + ".jpg",
              name,
              split));
    }
    expect(rows.size() > before, file, parser, "the class " + name + " has no picture");
  }

  private static void expect(boolean holds, Path file, JsonParser parser, String what) {
    if (!holds) {
      throw UserError.of(what)
          .at(file, parser.currentTokenLocation().getLineNr())
          .rule(RULE)
          .mend("use the lists that come with Food-101");
    }
  }
}
