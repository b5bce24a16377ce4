package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.UserError;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IDX files, small ones made here and the real MNIST. */
class IdxReaderTest {
  @TempDir Path folder;

  private static byte[] idx(int magic, int[] sizes, int... content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    for (int size : sizes) {
      out.writeInt(size);
    }
    for (int value : content) {
      out.writeByte(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] images() throws IOException {
    return idx(0x803, new int[] {2, 1, 3}, 1, 2, 3, 250, 251, 252);
  }

  private static byte[] labels() throws IOException {
    return idx(0x801, new int[] {2}, 7, 0);
  }

  private void put(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private void refused(String... parts) {
    UserError error = assertThrows(UserError.class, () -> Datasets.open(folder, Layout.AUTO));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), part + " is not in: " + error.getMessage());
    }
  }

  @Test
  void readsBothPartsZippedOrNot() throws IOException {
    put("train-images-idx3-ubyte", images());
    put("train-labels-idx1-ubyte.gz", zip(labels()));
    put("t10k-images.idx3-ubyte", zip(images()));
    put("t10k-labels-idx1-ubyte", labels());
    Dataset data = Datasets.open(folder, Layout.AUTO);
    assertEquals(4, data.size());
    assertEquals("train/1", data.id(1));
    assertEquals("test/0", data.id(2));
    assertArrayEquals(new int[] {2, 3}, data.indices(Split.TEST));
    assertEquals(7, data.label(2));
    assertEquals(8, data.classNames().size());
    assertEquals(new Image(3, 1, 1, new byte[] {-6, -5, -4}), data.image(1));
  }

  @Test
  void refusesWhatIsNotWhole() throws IOException {
    put("train-images-idx3-ubyte", images());
    refused("train-labels-idx1-ubyte", "missing");

    put("train-labels-idx1-ubyte", idx(0x801, new int[] {3}, 1, 2, 3));
    refused("train-labels-idx1-ubyte", "3 labels", "2 images");

    put("train-labels-idx1-ubyte", images());
    refused("train-labels-idx1-ubyte", "0x00000803", "0x00000801");

    put("train-labels-idx1-ubyte", idx(0x801, new int[] {2}, 1));
    refused("train-labels-idx1-ubyte", "cut short", "2 bytes", "found 1");

    put("train-labels-idx1-ubyte", idx(0x801, new int[] {2}, 1, 2, 3));
    refused("train-labels-idx1-ubyte", "longer");

    put("train-labels-idx1-ubyte", idx(0x801, new int[] {-1}, 1, 2, 3));
    refused("train-labels-idx1-ubyte", "impossible sizes", "-1");

    put("train-labels-idx1-ubyte", new byte[] {0, 0, 8});
    refused("train-labels-idx1-ubyte", "cut short");

    byte[] zipped = zip(labels());
    put("train-labels-idx1-ubyte", Arrays.copyOf(zipped, zipped.length - 9));
    refused("train-labels-idx1-ubyte", "cut short");

    zipped[zipped.length - 8] ^= 1;
    put("train-labels-idx1-ubyte", zipped);
    refused("train-labels-idx1-ubyte", "damaged");
  }

  @Test
  void realMnistHasThePublishedChecksums() throws NoSuchAlgorithmException {
    Path mnist = Path.of(System.getProperty("akin.shared"), "data", "mnist");
    assumeTrue(Files.isDirectory(mnist), "skipped: no MNIST in " + mnist);
    Dataset data = Datasets.open(mnist, Layout.AUTO);
    assertEquals(70_000, data.size());
    assertEquals(10, data.classNames().size());
    Dataset test = data.subset(Split.TEST);
    assertEquals("6bbc9ace898e44ae57da46a324031adb", md5(data.subset(Split.TRAIN), true));
    assertEquals("a25bea736e30d166cdddb491f175f624", md5(data.subset(Split.TRAIN), false));
    assertEquals("2646ac647ad5339dbf082846283269ea", md5(test, true));
    assertEquals("27ae3e4e09519cfbb04c329615203637", md5(test, false));
  }

  /** The checksum of the IDX file, put together again from what was read. */
  private static String md5(Dataset data, boolean images) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("MD5");
    int[] header = images ? new int[] {0x803, data.size(), 28, 28} : new int[] {0x801, data.size()};
    for (int word : header) {
      digest.update(ByteBuffer.allocate(4).putInt(word).array());
    }
    for (int i = 0; i < data.size(); i++) {
      digest.update(images ? data.image(i).bytes() : new byte[] {(byte) data.label(i)});
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
