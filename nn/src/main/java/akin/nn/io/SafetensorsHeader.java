package akin.nn.io;

import akin.nn.io.Safetensors.Array;
import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of a safetensors file, checked so that nothing in it can be believed wrongly: it is
 * parsed as a stream (its size bounds the memory it takes), and its arrays must tile the data.
 */
record SafetensorsHeader(long dataStart, List<Item> items, Map<String, String> metadata) {

  /** One array: its bytes are [begin, end) of the data. */
  record Item(String name, Type type, int[] shape, long begin, long end) {}

  /** The format's own bound. */
  private static final long MAX_BYTES = 100_000_000;

  private static final int MAX_RANK = 32;
  private static final String METADATA = "__metadata__";

  // Names are read once each: a table of them would only give hostile ones something to collide in.
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw refuse(file, "a file begins with 8 bytes that tell the header's length; it has " + size)
          .mend("the file is truncated or empty: copy or make it again");
    }
    ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    Safetensors.fill(channel, prefix, 0, file);
    long length = prefix.getLong(0);
    if (length < 2 || length > MAX_BYTES) {
      throw refuse(
          file,
          "a header has 2 to " + MAX_BYTES + " bytes; found " + Long.toUnsignedString(length));
    }
    if (length > size - 8) {
      throw refuse(file, "the header has " + length + " bytes; " + (size - 8) + " are left")
          .mend("the file is truncated: copy or make it again");
    }
    ByteBuffer json = ByteBuffer.allocate((int) length);
    Safetensors.fill(channel, json, 8, file);
    SafetensorsHeader header;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(json.flip()).toString();
      header = new Parser(file, text, 8 + length).parse();
    } catch (CharacterCodingException e) {
      throw refuse(file, "a header is UTF-8 text").because(e);
    } catch (JsonProcessingException e) {
      throw refuse(file, "a header is one JSON object: " + e.getOriginalMessage()).because(e);
    }
    header.checkTiling(file, size - header.dataStart);
    return header;
  }

  /** The arrays must fill the data from its first byte to its last, one after the other. */
  private void checkTiling(Path file, long available) {
    List<Item> sorted = new ArrayList<>(items);
    sorted.sort(Comparator.comparingLong(Item::begin).thenComparingLong(Item::end));
    long at = 0;
    for (Item item : sorted) {
      if (item.begin != at) {
        throw refuse(
            file,
            "tensor '%s' begins at byte %d of the data; the one before it ends at %d"
                .formatted(item.name, item.begin, at));
      }
      at = item.end;
    }
    if (at > available) {
      throw refuse(file, "the arrays need " + at + " bytes of data; found " + available)
          .mend("the file is truncated: copy or make it again");
    }
    if (at < available) {
      throw refuse(file, "the arrays fill " + at + " bytes of data; found " + available);
    }
  }

  private static UserError refuse(Path file, String rule) {
    return UserError.of("not a valid safetensors file").at(file).rule(rule);
  }

  /** Reads the JSON text. */
  private static final class Parser {
    private final Path file;
    private final String text;
    private final long dataStart;
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    Parser(Path file, String text, long dataStart) {
      this.file = file;
      this.text = text;
      this.dataStart = dataStart;
    }

    SafetensorsHeader parse() throws IOException {
      try (JsonParser json = JSON.createParser(text)) {
        require(json.nextToken() == JsonToken.START_OBJECT, "a header is one JSON object");
        boolean metadataSeen = false;
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          if (name.equals(METADATA)) {
            require(!metadataSeen, METADATA + " stands once");
            metadataSeen = true;
            readMetadata(json);
          } else {
            require(!items.containsKey(name), "a name stands once; '" + name + "' stands twice");
            items.put(name, readItem(name, json));
          }
        }
        require(json.nextToken() == null, "nothing but blanks follows the header's object");
      }
      return new SafetensorsHeader(dataStart, List.copyOf(items.values()), metadata);
    }

    private void readMetadata(JsonParser json) throws IOException {
      String rule = METADATA + " is an object of texts";
      require(json.currentToken() == JsonToken.START_OBJECT, rule);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        require(json.nextToken() == JsonToken.VALUE_STRING, rule);
        require(
            metadata.put(key, json.getText()) == null,
            "a key of " + METADATA + " stands once; '" + key + "' stands twice");
      }
    }

    private Item readItem(String name, JsonParser json) throws IOException {
      String whose = "tensor '" + name + "': ";
      require(json.currentToken() == JsonToken.START_OBJECT, whose + "its entry is an object");
      Type type = null;
      long[] shape = null;
      long[] offsets = null;
      Set<String> seen = new LinkedHashSet<>();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        require(seen.add(key), whose + "'" + key + "' stands twice");
        json.nextToken();
        switch (key) {
          case "dtype" -> type = readType(whose, json);
          case "shape" -> shape = readLongs(whose + "'shape'", MAX_RANK, json);
          case "data_offsets" -> offsets = readLongs(whose + "'data_offsets'", 2, json);
          default -> require(false, whose + "the keys are dtype, shape, data_offsets; not " + key);
        }
      }
      require(
          type != null && shape != null && offsets != null,
          whose + "dtype, shape and data_offsets are needed; found " + seen);
      require(
          offsets.length == 2 && offsets[0] <= offsets[1],
          whose + "'data_offsets' is [begin, end] with begin ≤ end");
      int[] sizes = new int[shape.length];
      long needed = type.bytes();
      for (int i = 0; i < shape.length; i++) {
        require(shape[i] <= Integer.MAX_VALUE, whose + "size " + shape[i] + " is too large");
        sizes[i] = (int) shape[i];
        require(sizes[i] == 0 || needed <= Long.MAX_VALUE / sizes[i], whose + "its size overflows");
        needed *= sizes[i];
      }
      require(
          needed == offsets[1] - offsets[0],
          whose
              + "%s of shape %s takes %d bytes; its offsets span %d"
                  .formatted(type, Arrays.toString(sizes), needed, offsets[1] - offsets[0]));
      return new Item(name, type, sizes, offsets[0], offsets[1]);
    }

    private Type readType(String whose, JsonParser json) throws IOException {
      String found = json.getText();
      for (Type type : Type.values()) {
        if (json.currentToken() == JsonToken.VALUE_STRING && type.name().equals(found)) {
          return type;
        }
      }
      throw refuse(
          file, whose + "dtype is one of " + List.of(Type.values()) + "; found '" + found + "'");
    }

    /** An array of at most {@code max} whole numbers, none negative. */
    private long[] readLongs(String what, int max, JsonParser json) throws IOException {
      String rule = what + " is an array of at most " + max + " whole numbers from 0";
      require(json.currentToken() == JsonToken.START_ARRAY, rule);
      List<Long> values = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        require(json.currentToken() == JsonToken.VALUE_NUMBER_INT && values.size() < max, rule);
        // A number too long for 64 bits is a JsonProcessingException, told as broken JSON.
        long value = json.getLongValue();
        require(value >= 0, rule);
        values.add(value);
      }
      return values.stream().mapToLong(Long::longValue).toArray();
    }

    private void require(boolean holds, String rule) {
      if (!holds) {
        throw refuse(file, rule);
      }
    }
  }

  /** The order of the data: by falling element size, otherwise as given. */
  static Map<String, Array> layout(Map<String, Array> tensors) {
    List<String> names = new ArrayList<>(tensors.keySet());
    names.sort(Comparator.comparingInt((String name) -> -tensors.get(name).type().bytes()));
    Map<String, Array> layout = new LinkedHashMap<>();
    names.forEach(name -> layout.put(name, tensors.get(name)));
    return layout;
  }

  /** Length and JSON text, padded with blanks to a multiple of 8. */
  static byte[] bytes(
      Map<String, Array> tensors, Map<String, Array> layout, Map<String, String> metadata) {
    Map<String, Long> begins = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, Array> entry : layout.entrySet()) {
      begins.put(entry.getKey(), at);
      at += entry.getValue().byteCount();
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Map.Entry<String, Array> entry : tensors.entrySet()) {
        if (entry.getKey().equals(METADATA)) {
          throw new IllegalArgumentException("a tensor cannot be named " + METADATA);
        }
        Array array = entry.getValue();
        long begin = begins.get(entry.getKey());
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("dtype", array.type().name());
        json.writeFieldName("shape");
        json.writeArray(array.shape(), 0, array.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, begin + array.byteCount()}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalArgumentException("a name or text is not valid Unicode", e);
    }
    int padded = (text.size() + 7) / 8 * 8;
    ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(padded).put(text.toByteArray());
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }
}
