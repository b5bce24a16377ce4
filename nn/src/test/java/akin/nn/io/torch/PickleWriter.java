package akin.nn.io.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes pickles byte for byte, as Python's pickler does in protocol 2. */
public final class PickleWriter {
  /** A tensor of a storage. */
  public record Tensor(
      String type, String key, long count, long offset, int[] shape, long[] strides) {

    /** A row-major tensor that fills its storage. */
    public static Tensor of(String type, String key, int... shape) {
      long[] strides = new long[shape.length];
      long count = 1;
      for (int i = shape.length - 1; i >= 0; i--) {
        strides[i] = count;
        count *= shape[i];
      }
      return new Tensor(type, key, count, 0, shape, strides);
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public PickleWriter() {
    op(0x80).op(2);
  }

  /** One byte. */
  public PickleWriter op(int opcode) {
    out.write(opcode);
    return this;
  }

  /** Bytes as they are. */
  public PickleWriter raw(String latin1) {
    out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public PickleWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X').int4(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  public PickleWriter number(long value) {
    op(0x8a).op(8);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  public PickleWriter real(double value) {
    op('G');
    out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    return this;
  }

  public PickleWriter global(String module, String name) {
    return raw("c" + module + "\n" + name + "\n");
  }

  /** A map becomes an OrderedDict, a list a list; else texts, numbers, truth, tensors, null. */
  public PickleWriter value(Object value) {
    if (value == null) {
      op('N');
    } else if (value instanceof Map<?, ?> map) {
      global("collections", "OrderedDict").op(')').op('R').op('(');
      map.forEach((k, v) -> value(k).value(v));
      op('u');
    } else if (value instanceof List<?> list) {
      op(']').op('(');
      list.forEach(this::value);
      op('e');
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof Boolean truth) {
      op(truth ? 0x88 : 0x89);
    } else if (value instanceof Double real) {
      real(real);
    } else if (value instanceof Number number) {
      number(number.longValue());
    } else {
      tensor((Tensor) value, "_rebuild_tensor_v2");
    }
    return this;
  }

  private void tensor(Tensor tensor, String function) {
    global("torch._utils", function).op('(').storage(tensor).number(tensor.offset()).op('(');
    for (int size : tensor.shape()) {
      number(size);
    }
    op('t').op('(');
    for (long stride : tensor.strides()) {
      number(stride);
    }
    op('t').op(0x89).value(Map.of()).op('t').op('R');
  }

  /** The persistent id of a tensor's storage. */
  public PickleWriter storage(Tensor tensor) {
    return op('(')
        .text("storage")
        .global("torch", tensor.type())
        .text(tensor.key())
        .text("cpu")
        .number(tensor.count())
        .op('t')
        .op('Q');
  }

  private void int4(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  /** The pickle, ended. */
  public byte[] bytes() {
    op('.');
    return out.toByteArray();
  }
}
