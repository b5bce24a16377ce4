package akin.nn.io.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes small ONNX models field by field. */
public final class OnnxFiles {
  /** What writes the fields of a message. */
  @FunctionalInterface
  public interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private OnnxFiles() {}

  /** A message. */
  public static ByteString message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  /** An initialiser: name, type's number, sizes, and the field that holds its elements. */
  public static ByteString tensor(String name, int type, long[] sizes, Fields elements) {
    return message(
        out -> {
          for (long size : sizes) {
            out.writeInt64(1, size);
          }
          out.writeInt32(2, type);
          out.writeString(8, name);
          elements.write(out);
        });
  }

  /** A model of one operator and these initialisers. */
  public static byte[] model(ByteString... initialisers) {
    ByteString graph =
        message(
            out -> {
              out.writeBytes(1, message(node -> node.writeString(4, "Relu")));
              out.writeString(2, "graph");
              for (ByteString initialiser : initialisers) {
                out.writeBytes(5, initialiser);
              }
            });
    return message(
            out -> {
              out.writeInt64(1, 9);
              out.writeString(2, "pytorch");
              out.writeString(3, "2.9.0");
              out.writeBytes(7, graph);
              out.writeBytes(8, message(opset -> opset.writeInt64(2, 17)));
            })
        .toByteArray();
  }
}
