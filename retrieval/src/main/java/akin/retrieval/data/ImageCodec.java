package akin.retrieval.data;

import akin.tensor.UserError;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/** JPEG and PNG bytes to pictures and back, by the JDK's own codecs. */
public final class ImageCodec {
  private ImageCodec() {}

  /**
   * Reads a picture file as RGB: grey is repeated, a palette looked up, transparency and colour
   * profiles are ignored, as Pillow's {@code convert("RGB")} does.
   *
   * @throws UserError if the file is missing, is no picture, or is damaged or cut short
   */
  public static Image decode(Path file) {
    try {
      return decode(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw UserError.of("the picture is missing").at(file).because(e);
    } catch (IOException e) {
      throw UserError.of("the picture cannot be read: " + reason(e))
          .at(file)
          .rule("a whole JPEG or PNG file")
          .mend("replace the file, or take it out of the data set's lists")
          .because(e);
    }
  }

  /**
   * Decodes the bytes of a picture file as RGB.
   *
   * @throws IOException if they are no picture, damaged or cut short, with the reason
   */
  public static Image decode(byte[] file) throws IOException {
    if (file.length == 0) {
      throw new IOException("the file is empty");
    }
    // In memory throughout: ImageIO's default stream would copy each picture to a temporary file.
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("not a picture of a known format");
      }
      ImageReader reader = readers.next();
      try {
        String[] damage = new String[1];
        reader.addIIOReadWarningListener(
            (source, warning) -> {
              if (tellsOfDamage(warning)) {
                damage[0] = warning;
              }
            });
        reader.setInput(in, true, true);
        Image image = rgb(reader.read(0));
        if (damage[0] != null) {
          throw new IOException(damage[0]);
        }
        return image;
      } finally {
        reader.dispose();
      }
    } catch (RuntimeException e) {
      // The codecs answer some damaged headers with an unchecked exception.
      throw new IOException("damaged: " + e.getMessage(), e);
    }
  }

  /**
   * A JPEG that is cut short decodes with a mere warning, its lower part grey. Stray bytes before a
   * marker are harmless and common.
   */
  private static boolean tellsOfDamage(String warning) {
    return warning.contains("remature end")
        || (warning.contains("Corrupt") && !warning.contains("extraneous"));
  }

  /** Takes the stored samples as they are: {@code getRGB} would convert between colour spaces. */
  private static Image rgb(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    Raster raster = picture.getRaster();
    int bands = raster.getNumBands();
    IndexColorModel palette =
        picture.getColorModel() instanceof IndexColorModel index ? index : null;
    int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    int[] row = new int[width * bands];
    byte[] out = new byte[width * height * 3];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          out[to++] =
              palette == null
                  ? (byte) (row[x * bands + (bands < 3 ? 0 : c)] >> shift)
                  : (byte) (palette.getRGB(row[x]) >> (16 - 8 * c));
        }
      }
    }
    return new Image(width, height, 3, out);
  }

  /** The picture as a PNG file: nothing is lost. */
  public static byte[] png(Image image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    return write(writer, new IIOImage(buffered(image), null, null), null);
  }

  /**
   * The picture as a JPEG file whose colours keep the full resolution (4:4:4), so that small
   * coloured details survive.
   *
   * @param quality 0 to 1
   */
  public static byte[] jpeg(Image image, double quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    BufferedImage picture = buffered(image);
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionQuality((float) quality);
    IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(picture), how);
    keepColourResolution(metadata);
    return write(writer, new IIOImage(picture, null, metadata), how);
  }

  private static byte[] write(ImageWriter writer, IIOImage image, ImageWriteParam how) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, image, how);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static void keepColourResolution(IIOMetadata metadata) {
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      ((IIOMetadataNode) components.item(i)).setAttribute("HsamplingFactor", "1");
      ((IIOMetadataNode) components.item(i)).setAttribute("VsamplingFactor", "1");
    }
    try {
      metadata.setFromTree(format, root);
    } catch (IIOInvalidTreeException e) {
      throw new IllegalStateException("the JPEG writer refuses its own settings", e);
    }
  }

  private static BufferedImage buffered(Image image) {
    boolean grey = image.channels() == 1;
    BufferedImage picture =
        new BufferedImage(
            image.width(),
            image.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    int[] samples = new int[image.bytes().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = image.bytes()[i] & 0xff;
    }
    picture.getRaster().setPixels(0, 0, image.width(), image.height(), samples);
    return picture;
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
