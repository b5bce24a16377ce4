package akin.nn.io.torch;

import akin.nn.io.ByteSource;
import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The bytes of a pickle in order, little-endian; it never reads past {@code end}. */
final class PickleInput {
  private static final int LONGEST_LINE = 256;

  private final Path file;
  private final ByteSource source;
  private final long end;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(1 << 13).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long next; // where the bytes after the buffer's begin

  PickleInput(Path file, ByteSource source, long begin, long end) {
    this.file = file;
    this.source = source;
    this.next = begin;
    this.end = end;
  }

  /** Where the next byte lies. */
  long position() {
    return next - buffer.remaining();
  }

  private ByteBuffer need(int n) {
    if (buffer.remaining() < n) {
      if (buffer.remaining() + end - next < n) {
        throw refuse("it ends in the middle of a value")
            .mend("the file is truncated: copy or make it again");
      }
      buffer.compact();
      int more = (int) Math.min(buffer.remaining(), end - next);
      buffer.limit(buffer.position() + more);
      source.read(buffer, next);
      next += more;
      buffer.flip();
    }
    return buffer;
  }

  int u1() {
    return need(1).get() & 0xff;
  }

  int u2() {
    return need(2).getShort() & 0xffff;
  }

  int i4() {
    return need(4).getInt();
  }

  long i8() {
    return need(8).getLong();
  }

  /** A double, big-endian unlike all else. */
  double f8() {
    return Double.longBitsToDouble(Long.reverseBytes(i8()));
  }

  /** The next bytes; their number has been read from the file and is checked here. */
  byte[] bytes(long length) {
    if (length < 0 || length > end - position() || length > Integer.MAX_VALUE - 8) {
      throw refuse("a text of " + Long.toUnsignedString(length) + " bytes passes its end");
    }
    byte[] bytes = new byte[(int) length];
    int buffered = Math.min(buffer.remaining(), bytes.length);
    buffer.get(bytes, 0, buffered);
    int rest = bytes.length - buffered;
    if (rest > 0) {
      source.read(ByteBuffer.wrap(bytes, buffered, rest), next);
      next += rest;
    }
    return bytes;
  }

  /** A text in UTF-8. */
  String utf8(long length) {
    byte[] bytes = bytes(length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refuse("a text is UTF-8").because(e);
    }
  }

  /** A text up to the end of its line: the name of a module or of something in it. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (int c = u1(); c != '\n'; c = u1()) {
      if (line.length() == LONGEST_LINE || c < ' ' || c > '~') {
        throw refuse("a name is a line of at most " + LONGEST_LINE + " letters");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  /** A refusal; {@code rule} tells what the pickle breaks. */
  UserError refuse(String rule) {
    return UserError.of("not a checkpoint that can be read without running it")
        .at(file)
        .rule("the pickle at byte " + position() + ": " + rule);
  }
}
