package akin.nn.io.onnx;

import akin.nn.io.ByteSource;
import akin.nn.io.Growth;
import akin.nn.io.StoredArray;
import akin.nn.io.WeightFile;
import akin.tensor.UserError;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The initialisers of an ONNX model; its operators are passed over.
 *
 * <pre>
 * ModelProto   1 ir_version  2 producer_name  3 producer_version  7 graph  8 opset_import
 * GraphProto   2 name  5 initializer  15 sparse_initializer
 * </pre>
 *
 * <p>Source: {@code onnx/onnx.proto}.
 */
public final class OnnxModel implements WeightFile {
  private static final int LONGEST_TEXT = 4096;

  private final Path file;
  private final Runnable closing;
  private final Map<String, StoredArray> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private OnnxModel(Path file, Runnable closing) {
    this.file = file;
    this.closing = closing;
  }

  /** Whether a file's first bytes may be a model's: a small version, then a field of it. */
  public static boolean begins(byte[] head) {
    return head.length > 3
        && head[0] == 0x08
        && head[1] > 0
        && head[1] < 64
        && (head[2] & 7) == WireFormat.WIRETYPE_LENGTH_DELIMITED
        && head[2] >>> 3 >= 2
        && head[2] >>> 3 <= 8;
  }

  /**
   * Finds the initialisers; their elements are read when asked for.
   *
   * @param source the file's bytes
   * @param size how many they are
   * @param closing what to do when the result is closed
   * @throws UserError if the model is damaged, keeps its data in other files, or is over 2 GiB
   */
  public static WeightFile open(Path file, ByteSource source, long size, Runnable closing) {
    if (size > Integer.MAX_VALUE) {
      throw refuse(file, "a model has at most 2 GiB; this file has " + size + " bytes");
    }
    OnnxModel model = new OnnxModel(file, closing);
    CodedInputStream in = CodedInputStream.newInstance(new SourceStream(source, size));
    try {
      model.readModel(in, source);
    } catch (InvalidProtocolBufferException e) {
      throw refuse(file, "it is a protocol buffer: " + e.getMessage())
          .mend("the file is truncated or damaged: copy or make it again")
          .because(e);
    } catch (IOException | IllegalStateException e) {
      throw refuse(file, "it can be read: " + e.getMessage()).because(e);
    }
    Growth.of(file, size).check(model.entries.values());
    return model;
  }

  private void readModel(CodedInputStream in, ByteSource source) throws IOException {
    boolean graph = false;
    boolean operators = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 2 -> metadata.put("producer", text(in, file, LONGEST_TEXT));
        case 3 -> metadata.put("producer_version", text(in, file, LONGEST_TEXT));
        case 7 -> {
          if (graph) {
            throw refuse(file, "it has one graph");
          }
          graph = true;
          int outer = in.pushLimit(length(in, tag));
          readGraph(in, source);
          in.popLimit(outer);
        }
        case 8 -> {
          operators = true;
          skip(in, tag, file);
        }
        default -> skip(in, tag, file);
      }
    }
    if (!graph || !operators) {
      throw refuse(file, "it has a graph and says which operators it uses")
          .mend("the file is truncated, or no ONNX model");
    }
  }

  private void readGraph(CodedInputStream in, ByteSource source) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 5 -> {
          TensorMessage tensor = new TensorMessage(file, source);
          int outer = in.pushLimit(length(in, tag));
          tensor.read(in);
          in.popLimit(outer);
          if (tensor.name().isEmpty() || entries.put(tensor.name(), tensor.array()) != null) {
            throw refuse(file, "every initialiser has a name of its own");
          }
        }
        case 15 -> throw refuse(file, "initialisers are dense; one is sparse");
        default -> skip(in, tag, file);
      }
    }
  }

  private int length(CodedInputStream in, int tag) throws IOException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      throw refuse(file, "its fields have the types of ONNX");
    }
    return in.readRawVarint32();
  }

  /** Passes over a field. Groups, which may be nested without end, are none of ONNX. */
  static void skip(CodedInputStream in, int tag, Path file) throws IOException {
    int wire = WireFormat.getTagWireType(tag);
    if (wire == WireFormat.WIRETYPE_START_GROUP || wire == WireFormat.WIRETYPE_END_GROUP) {
      throw refuse(file, "its fields have the types of ONNX");
    }
    in.skipField(tag);
  }

  /** A short text in UTF-8. */
  static String text(CodedInputStream in, Path file, int longest) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > longest) {
      throw refuse(file, "names have at most " + longest + " bytes");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(in.readRawBytes(length)))
          .toString();
    } catch (CharacterCodingException e) {
      throw refuse(file, "names are UTF-8").because(e);
    }
  }

  static UserError refuse(Path file, String rule) {
    return UserError.of("not an ONNX model whose weights can be read").at(file).rule(rule);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String format() {
    return "ONNX";
  }

  @Override
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public void close() {
    closing.run();
  }
}
