package akin.retrieval.config;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says what is wrong with a tree in the words of someone who wrote the file. */
record Diagnosis(ObjectMapper mapper, YamlTree tree) {
  /**
   * Refuses the first key that its record does not know. This comes before all else: a mistyped key
   * must not be reported as a missing one.
   */
  void checkKeys(Class<?> type) {
    checkKeys(tree.root(), mapper.constructType(type), "");
  }

  private void checkKeys(JsonNode node, JavaType type, String key) {
    if (node.isArray() && type.isCollectionLikeType()) {
      for (int i = 0; i < node.size(); i++) {
        String item = key + "[" + i + "]";
        if (node.get(i).isNull()) {
          throw UserError.of(item + " is empty")
              .at(tree.place(item))
              .rule("every item of a list has a value")
              .mend("remove it, or write its value");
        }
        checkKeys(node.get(i), type.getContentType(), item);
      }
    }
    Class<?> record = node.isObject() ? record(node, type.getRawClass()) : null;
    if (record == null) {
      return;
    }
    Map<String, JavaType> known = new TreeMap<>();
    for (RecordComponent part : record.getRecordComponents()) {
      known.put(part.getName(), mapper.constructType(part.getGenericType()));
    }
    JsonTypeInfo kinds = type.getRawClass().getAnnotation(JsonTypeInfo.class);
    node.fieldNames()
        .forEachRemaining(
            name -> {
              String inner = YamlTree.join(key, name);
              if (known.containsKey(name)) {
                checkKeys(node.get(name), known.get(name), inner);
              } else if (kinds == null || !name.equals(kinds.property())) {
                throw unknown(inner, key, name, known.keySet());
              }
            });
  }

  /** The record that the node will become, or null if it will become none. */
  private static Class<?> record(JsonNode node, Class<?> type) {
    JsonSubTypes kinds = type.getAnnotation(JsonSubTypes.class);
    if (kinds == null) {
      return type.isRecord() ? type : null;
    }
    String kind = node.path(type.getAnnotation(JsonTypeInfo.class).property()).asText();
    return Arrays.stream(kinds.value())
        .filter(known -> known.name().equals(kind))
        .findFirst()
        .<Class<?>>map(JsonSubTypes.Type::value)
        .orElse(null);
  }

  private UserError unknown(String key, String parent, String name, Collection<String> known) {
    UserError error = UserError.of("unknown key " + key).at(tree.place(key));
    String owner = parent.isEmpty() ? "" : " of " + parent;
    return known.isEmpty()
        ? error.rule("there are no keys" + owner).mend("remove the line")
        : error
            .rule("the keys" + owner + " are " + String.join(", ", known))
            .mend(NearestName.hint(name, known));
  }

  /** What the user did wrong where the mapper stumbled. */
  UserError of(JsonMappingException e) {
    String key = key(e);
    if (e instanceof InvalidTypeIdException kind) {
      return kind(key, kind).because(e);
    }
    if (e instanceof ValueInstantiationException) {
      return refused(key, e.getCause());
    }
    if (e.getOriginalMessage().startsWith("Missing required creator property")) {
      return missing(key, parent(key)).because(e);
    }
    if (e.getCause() instanceof InputCoercionException) {
      return type(key, int.class).rule("a whole number of at most " + Integer.MAX_VALUE).because(e);
    }
    if (e instanceof MismatchedInputException mismatch) {
      return type(key, mismatch.getTargetType()).because(e);
    }
    throw new IllegalStateException(e);
  }

  private UserError kind(String key, InvalidTypeIdException e) {
    Class<?> base = e.getBaseType().getRawClass();
    String property = base.getAnnotation(JsonTypeInfo.class).property();
    List<String> known =
        Arrays.stream(base.getAnnotation(JsonSubTypes.class).value())
            .map(JsonSubTypes.Type::name)
            .toList();
    String full = YamlTree.join(key.endsWith("." + property) ? parent(key) : key, property);
    if (e.getTypeId() == null) {
      return missing(full, key).rule("one of " + String.join(", ", known));
    }
    return UserError.of(full + " cannot be " + e.getTypeId())
        .at(tree.place(full))
        .rule("one of " + String.join(", ", known))
        .mend(NearestName.hint(e.getTypeId(), known));
  }

  private UserError missing(String key, String parent) {
    return UserError.of("the key " + key + " is missing")
        .at(tree.place(parent))
        .mend("add it, or give it with --set " + key + "=VALUE");
  }

  /** A constructor refused its values; the message begins with the name of the one to blame. */
  private UserError refused(String key, Throwable cause) {
    if (cause instanceof UserError error) {
      return error.at(tree.place(key));
    }
    if (!(cause instanceof IllegalArgumentException)) {
      throw new IllegalStateException(cause);
    }
    String message = String.valueOf(cause.getMessage());
    String blamed = YamlTree.join(key, message.split("[^A-Za-z0-9_-]", 2)[0]);
    String place = tree.place(tree.places().containsKey(blamed) ? blamed : key);
    return UserError.of(key.isEmpty() ? message : key + ": " + message).at(place).because(cause);
  }

  private UserError type(String key, Class<?> wanted) {
    UserError error =
        UserError.of(key + " cannot be " + shown(key)).at(tree.place(key)).rule(rule(wanted));
    JsonNode value = value(key);
    return wanted != null && wanted.isEnum() && value != null && value.isTextual()
        ? error.mend(NearestName.hint(value.asText(), names(wanted)))
        : error;
  }

  private String rule(Class<?> wanted) {
    if (wanted == null) {
      return "another kind of value is needed";
    }
    if (wanted.isEnum()) {
      return "one of " + String.join(", ", names(wanted));
    }
    if (wanted == Boolean.class || wanted == boolean.class) {
      return "true or false";
    }
    if (List.of(Integer.class, int.class, Long.class, long.class).contains(wanted)) {
      return "a whole number";
    }
    if (Number.class.isAssignableFrom(wanted) || wanted.isPrimitive()) {
      return "a number";
    }
    if (wanted == String.class) {
      return "a text";
    }
    return Collection.class.isAssignableFrom(wanted)
        ? "a list such as [1, 2]"
        : "a block of keys, one a line";
  }

  private List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> mapper.valueToTree(constant).asText())
        .toList();
  }

  private String shown(String key) {
    JsonNode value = value(key);
    if (value == null || value.isNull()) {
      return "empty";
    }
    if (value.isObject()) {
      return "a block of keys";
    }
    return value.isArray() ? "a list" : value.asText();
  }

  private JsonNode value(String key) {
    return value(tree.root(), key);
  }

  /** Follows the key step by step; names may hold dots themselves. */
  private static JsonNode value(JsonNode node, String key) {
    if (key.isEmpty()) {
      return node;
    }
    if (key.startsWith("[")) {
      int end = key.indexOf(']');
      JsonNode item = node.get(Integer.parseInt(key.substring(1, end)));
      return item == null ? null : value(item, rest(key, end + 1));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      if (key.startsWith(name)
          && (key.length() == name.length() || ".[".indexOf(key.charAt(name.length())) >= 0)) {
        JsonNode found = value(field.getValue(), rest(key, name.length()));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static String rest(String key, int end) {
    String rest = key.substring(end);
    return rest.startsWith(".") ? rest.substring(1) : rest;
  }

  private static String parent(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  private static String key(JsonMappingException e) {
    String key = "";
    for (JsonMappingException.Reference step : e.getPath()) {
      key =
          YamlTree.join(
              key, step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName());
    }
    return key;
  }
}
