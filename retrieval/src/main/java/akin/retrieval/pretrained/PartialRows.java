package akin.retrieval.pretrained;

import akin.nn.io.Sha256;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Rows of features that are finished so far: 32 bytes that say what they belong to, the SHA-256 of
 * the features' source and the pictures' names, sizes and times, then rows of float32,
 * little-endian. Rows of anything else are thrown away; of a torn end, whole batches are kept.
 */
final class PartialRows implements AutoCloseable {
  private final FileChannel channel;
  private final int width;
  private final float[] rows;
  private int count;

  private PartialRows(FileChannel channel, int total, int width) {
    this.channel = channel;
    this.width = width;
    rows = new float[Math.multiplyExact(total, width)];
  }

  /**
   * Opens the file or begins it.
   *
   * @param batch rows are kept in multiples of this, so that batches are cut as without a break
   */
  static PartialRows open(Path file, Features.Source source, Dataset pictures, int width, int batch)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw UserError.of("another extraction writes this file right now")
            .at(file)
            .mend("wait for it, or choose another --out");
      }
      byte[] key = key(source, pictures, width);
      PartialRows partial = new PartialRows(channel, pictures.size(), width);
      if (partial.belongsTo(key)) {
        partial.readFinished(key.length, batch);
      } else {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(key), 0);
      }
      channel.truncate(key.length + 4L * partial.count * width);
      channel.position(channel.size());
      return partial;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private boolean belongsTo(byte[] key) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(key.length);
    fill(found, 0);
    return !found.hasRemaining() && Arrays.equals(found.array(), key);
  }

  private void readFinished(int start, int batch) throws IOException {
    long whole = (channel.size() - start) / (4L * width);
    count =
        (int)
            Math.min(
                whole == rows.length / width ? whole : whole - whole % batch, rows.length / width);
    ByteBuffer row = ByteBuffer.allocate(4 * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      row.clear();
      fill(row, start + 4L * width * i);
      row.flip();
      row.asFloatBuffer().get(rows, i * width, width);
    }
  }

  private void fill(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        return;
      }
      at += read;
    }
  }

  /** How many rows are finished. */
  int count() {
    return count;
  }

  /** Adds finished rows. */
  void append(float[] finished) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * finished.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(finished);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    System.arraycopy(finished, 0, rows, count * width, finished.length);
    count += finished.length / width;
  }

  /** All rows, once all are finished: [N, F]. */
  float[] all() {
    return rows;
  }

  private static byte[] key(Features.Source source, Dataset pictures, int width) {
    MessageDigest digest = Sha256.begin();
    String made =
        String.join(
            "\n",
            source.backbone(),
            source.weights(),
            source.preprocessing(),
            String.valueOf(width),
            String.valueOf(pictures.size()));
    digest.update(made.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < pictures.size(); i++) {
      String picture = "\n" + pictures.id(i) + "\n" + pictures.stamp(i);
      digest.update(picture.getBytes(StandardCharsets.UTF_8));
    }
    return digest.digest();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
