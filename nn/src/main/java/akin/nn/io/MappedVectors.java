package akin.nn.io;

import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * Rows of a file's F32 array, mapped into memory: opening copies nothing, the file may be larger
 * than the heap, and pages that are not read take no memory. The mapping outlives the channel and
 * ends when this object is collected.
 */
final class MappedVectors implements Vectors {
  /** Bytes of a segment at most; a buffer's index is an int. */
  private static final long SEGMENT = 1L << 30;

  private final int count;
  private final int width;
  private final int segmentRows;
  private final FloatBuffer[] segments;

  /** Maps [count, width] numbers that begin at byte {@code begin}. */
  MappedVectors(FileChannel channel, long begin, int count, int width) throws IOException {
    this.count = count;
    this.width = width;
    long rowBytes = (long) width * Float.BYTES;
    segmentRows = (int) Math.max(1, Math.min(count, SEGMENT / Math.max(1, rowBytes)));
    segments = new FloatBuffer[(int) (((long) count + segmentRows - 1) / segmentRows)];
    for (int i = 0; i < segments.length; i++) {
      int rows = Math.min(segmentRows, count - i * segmentRows);
      long from = begin + i * segmentRows * rowBytes;
      segments[i] =
          channel
              .map(MapMode.READ_ONLY, from, rows * rowBytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void read(int first, int n, float[] to, int at) {
    for (int done = 0; done < n; ) {
      int row = first + done;
      int inSegment = row % segmentRows;
      int rows = Math.min(n - done, segmentRows - inSegment);
      segments[row / segmentRows].get(inSegment * width, to, at + done * width, rows * width);
      done += rows;
    }
  }
}
