package akin.nn.io.onnx;

import akin.nn.io.ByteSource;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes of a file as a stream. */
final class SourceStream extends InputStream {
  private final ByteSource source;
  private final long size;
  private long at;

  SourceStream(ByteSource source, long size) {
    this.source = source;
    this.size = size;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) {
    int n = (int) Math.min(length, size - at);
    if (n <= 0) {
      return length == 0 ? 0 : -1;
    }
    source.read(ByteBuffer.wrap(bytes, from, n), at);
    at += n;
    return n;
  }

  @Override
  public long skip(long n) {
    long skipped = Math.max(0, Math.min(n, size - at));
    at += skipped;
    return skipped;
  }
}
