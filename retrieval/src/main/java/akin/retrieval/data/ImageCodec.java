package akin.retrieval.data;

import akin.tensor.UserError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/**
 * Picture files to pictures and back, by the JDK's own codecs. What becomes of odd files
 * (greyscale, 16 bits, CMYK, palettes, profiles, rotation) is told in docs/pictures.md.
 */
public final class ImageCodec {
  private static final long MOST_BYTES = 1L << 30;

  private ImageCodec() {}

  /**
   * Reads a picture file as RGB, as Pillow's {@code Image.open(file).convert("RGB")} does: grey is
   * repeated, a palette looked up; transparency, colour profiles and EXIF rotation are ignored. Of
   * 16 bits the high byte is taken.
   *
   * @throws UserError if the file is missing, is no picture that is read, is damaged, cut short or
   *     of more than 178,956,970 pixels
   */
  public static Image decode(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw UserError.of("the file is too long for a picture: " + Files.size(file) + " bytes")
            .rule("at most " + MOST_BYTES + " bytes")
            .mend("take it out of the data set's lists");
      }
      return decode(Files.readAllBytes(file));
    } catch (UserError e) {
      throw e.at(file);
    } catch (NoSuchFileException e) {
      throw UserError.of("the picture is missing")
          .at(file)
          .rule("a picture lies where its list or the command says")
          .mend("correct the path, or take it out of the data set's lists")
          .because(e);
    } catch (IOException e) {
      throw UserError.of("the picture cannot be read: " + e.getMessage())
          .at(file)
          .rule("a file that you may read")
          .mend("see that it is a file you may read, or take it out of the data set's lists")
          .because(e);
    }
  }

  /**
   * Decodes the bytes of a picture file as RGB; see {@link #decode(Path)}.
   *
   * @throws UserError as there, without the file's name
   */
  public static Image decode(byte[] file) {
    return ImageDecoder.decode(file);
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
}
