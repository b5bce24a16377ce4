package akin.retrieval.config;

import akin.tensor.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A YAML document as a tree that remembers where each key stands.
 *
 * @param root the document, a mapping
 * @param places {@code file:line}, or the override, of every key such as {@code data.mean[2]}
 */
record YamlTree(ObjectNode root, Map<String, String> places) {
  private static final int DEEPEST = 50;

  /** Reads one document; {@code source} names it in messages. */
  static YamlTree parse(ObjectMapper mapper, String text, String source) {
    TreeMap<String, String> places = new TreeMap<>();
    JsonNode root = new Reader(mapper, source, places).document(text);
    places.put("", source);
    if (root instanceof ObjectNode mapping) {
      return new YamlTree(mapping, places);
    }
    throw UserError.of(
            root.isNull() ? "the configuration is empty" : "the configuration has no keys")
        .at(source)
        .rule("a configuration is a list of lines such as seed: 1");
  }

  /** This tree with one value replaced or added, given as {@code key.sub=value}. */
  YamlTree with(ObjectMapper mapper, String override) {
    String source = "--set " + override;
    int equals = override.indexOf('=');
    String key = equals < 0 ? "" : override.substring(0, equals).strip();
    if (key.isEmpty() || key.startsWith(".") || key.endsWith(".") || key.contains("..")) {
      throw UserError.of("not of the form key.sub=value")
          .at(source)
          .mend("write for example --set training.epochs=3");
    }
    TreeMap<String, String> inner = new TreeMap<>();
    JsonNode value =
        new Reader(mapper, source, inner).document(override.substring(equals + 1).strip());
    TreeMap<String, String> merged = new TreeMap<>(places);
    merged.keySet().removeIf(known -> known.equals(key) || isBelow(known, key));
    merged.put(key, source);
    inner.keySet().forEach(below -> merged.put(join(key, below), source));
    ObjectNode edited = root.deepCopy();
    ObjectNode parent = edited;
    String[] steps = key.split("\\.");
    for (int i = 0; i < steps.length - 1; i++) {
      if (!(parent.path(steps[i]) instanceof ObjectNode)) {
        parent.set(steps[i], mapper.createObjectNode());
      }
      parent = (ObjectNode) parent.get(steps[i]);
    }
    parent.set(steps[steps.length - 1], value);
    return new YamlTree(edited, merged);
  }

  /** Where the key stands, or the nearest thing around it. */
  String place(String key) {
    String known = key;
    while (!places.containsKey(known)) {
      int end = Math.max(known.lastIndexOf('.'), known.lastIndexOf('['));
      known = end < 0 ? "" : known.substring(0, end);
    }
    return places.get(known);
  }

  static String join(String parent, String key) {
    return parent.isEmpty() || key.startsWith("[") ? parent + key : parent + "." + key;
  }

  private static boolean isBelow(String key, String parent) {
    return key.startsWith(parent + ".") || key.startsWith(parent + "[");
  }

  /** Turns parser events into nodes and notes the line of each key. */
  private record Reader(ObjectMapper mapper, String source, Map<String, String> places) {
    JsonNode document(String text) {
      try (YAMLParser parser = (YAMLParser) mapper.createParser(text)) {
        if (parser.nextToken() == null) {
          return NullNode.instance;
        }
        JsonNode root = node(parser, "", 0);
        if (parser.nextToken() != null) {
          throw error("more than one document", parser).rule("a configuration is one document");
        }
        return root;
      } catch (JsonProcessingException e) {
        throw at(UserError.of("not YAML: " + problem(e)), e.getLocation().getLineNr()).because(e);
      } catch (IOException e) {
        throw UserError.of("not YAML: " + e.getMessage()).at(source).because(e);
      }
    }

    private JsonNode node(YAMLParser parser, String path, int depth) throws IOException {
      if (depth > DEEPEST) {
        throw error("nested too deeply", parser).rule("at most " + DEEPEST + " levels");
      }
      if (parser.isCurrentAlias()) {
        throw error("an alias, *" + parser.getText(), parser)
            .rule("anchors and aliases are not read")
            .mend("write the value out");
      }
      places.putIfAbsent(path, place(parser));
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        return mapping(parser, path, depth);
      }
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        return list(parser, path, depth);
      }
      // A key without a value arrives as an empty text; it means the default, like null.
      return parser.getText().isEmpty() ? NullNode.instance : parser.readValueAsTree();
    }

    private JsonNode mapping(YAMLParser parser, String path, int depth) throws IOException {
      ObjectNode mapping = mapper.createObjectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        String inner = join(path, key);
        if (mapping.has(key)) {
          throw error("the key " + inner + " stands here twice", parser)
              .rule("first at " + places.get(inner))
              .mend("remove one of the two");
        }
        places.put(inner, place(parser));
        parser.nextToken();
        mapping.set(key, node(parser, inner, depth + 1));
      }
      return mapping;
    }

    private JsonNode list(YAMLParser parser, String path, int depth) throws IOException {
      ArrayNode list = mapper.createArrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(node(parser, path + "[" + list.size() + "]", depth + 1));
      }
      return list;
    }

    /** The parser's message without the excerpts of the text, which are indented. */
    private static String problem(JsonProcessingException e) {
      return e.getOriginalMessage()
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith(" "))
          .reduce((first, last) -> last)
          .orElse("broken syntax");
    }

    private String place(YAMLParser parser) {
      return place(parser.currentTokenLocation().getLineNr());
    }

    private String place(int line) {
      return source.startsWith("--set ") ? source : source + ":" + line;
    }

    private UserError error(String what, YAMLParser parser) {
      return at(UserError.of(what), parser.currentTokenLocation().getLineNr());
    }

    private UserError at(UserError error, int line) {
      return error.at(place(line));
    }
  }
}
