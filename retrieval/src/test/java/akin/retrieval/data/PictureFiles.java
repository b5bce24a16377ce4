package akin.retrieval.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes picture files that ordinary writers do not make, chunk by chunk and marker by marker. */
final class PictureFiles {
  private PictureFiles() {}

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /**
   * A PNG.
   *
   * @param depth bits of a sample
   * @param colour 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
   * @param rows each led by its filter's number, 0
   * @param between chunks between the header and the samples
   */
  static byte[] png(int width, int height, int depth, int colour, byte[] rows, byte[]... between) {
    byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).array();
    header[8] = (byte) depth;
    header[9] = (byte) colour;
    return join(
        bytes(0x89, 'P', 'N', 'G', 13, 10, 26, 10),
        chunk("IHDR", header),
        join(between),
        chunk("IDAT", deflated(rows)),
        chunk("IEND", new byte[0]));
  }

  static byte[] chunk(String type, byte[] body) {
    byte[] named = join(type.getBytes(StandardCharsets.US_ASCII), body);
    CRC32 sum = new CRC32();
    sum.update(named);
    return ByteBuffer.allocate(body.length + 12)
        .putInt(body.length)
        .put(named)
        .putInt((int) sum.getValue())
        .array();
  }

  static byte[] deflated(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream packed = new DeflaterOutputStream(out)) {
      packed.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** A picture as any format that ImageIO writes. */
  static byte[] file(BufferedImage picture, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, format, out)) {
        throw new AssertionError("no writer of " + format);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /**
   * A JPEG of 16 x 16 equal pixels whose samples are stored as given, without any marker that says
   * what they mean.
   */
  static byte[] plainJpeg(int... pixel) {
    int bands = pixel.length;
    byte[] samples = new byte[16 * 16 * bands];
    int[] offsets = new int[bands];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) pixel[i % bands];
    }
    for (int c = 0; c < bands; c++) {
      offsets[c] = c;
    }
    Raster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(samples, samples.length), 16, 16, 16 * bands, bands, offsets, null);
    return jpeg(new IIOImage(raster, null, null), false);
  }

  static byte[] jpeg(IIOImage image, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionQuality(1);
    how.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, image, how);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The JPEG with another marker segment, right after its start. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] body) {
    byte[] head = bytes(0xff, marker, body.length + 2 >> 8, body.length + 2);
    return join(Arrays.copyOf(jpeg, 2), head, body, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** Where the JPEG's frame header begins: height, width, components follow at 5, 7 and 9. */
  static int frame(byte[] jpeg) {
    int at = 2;
    while ((jpeg[at + 1] & 0xfc) != 0xc0) {
      at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
    }
    return at;
  }

  /** Adobe's marker: 0 as stored, 1 YCbCr, 2 YCCK. */
  static byte[] withAdobe(byte[] jpeg, int transform) {
    byte[] body = bytes('A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform);
    return withSegment(jpeg, 0xee, body);
  }

  /** Some colours, all different. */
  static BufferedImage colourful(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, (x * 7 + y * 40) % 256 << 16 | (y * 11) % 256 << 8 | (x * y) % 256);
      }
    }
    return picture;
  }
}
