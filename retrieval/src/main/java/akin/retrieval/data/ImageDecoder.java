package akin.retrieval.data;

import akin.tensor.UserError;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads pictures as Pillow's {@code Image.open(file).convert("RGB")} does, since so do the
 * published preprocessings: stored samples, no colour profile, no gamma, no rotation. The JDK's
 * readers decode; what the samples mean is decided here and in {@link JpegSamples}, because {@code
 * getRGB} converts between colour spaces (greys come out up to 73 levels off).
 */
final class ImageDecoder {
  /** Pillow's: a file of a few bytes can claim a picture that fills the memory. */
  static final int MOST_PIXELS = 178_956_970;

  private static final String KINDS = "a JPEG, PNG, GIF, BMP or TIFF file";
  private static final String LEAVE_OUT = ", or take it out of the data set's lists";

  private ImageDecoder() {}

  /**
   * Reads the first picture of a file.
   *
   * @throws UserError if there is none, or it is damaged, cut short, too large or of colours that
   *     have no defined meaning here
   */
  static Image decode(byte[] file) {
    if (file.length == 0) {
      throw UserError.of("the picture is empty: 0 bytes")
          .rule(KINDS)
          .mend("copy or download it again" + LEAVE_OUT);
    }
    // In memory throughout: ImageIO's default stream would copy each picture to a temporary file.
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw UserError.of("this is no picture that can be read, but " + FileKind.inWords(file))
            .rule(KINDS)
            .mend("convert it to PNG, or download it again" + LEAVE_OUT);
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
        checkSize(reader.getWidth(0), reader.getHeight(0));
        Image image =
            FileKind.isJpeg(file)
                ? JpegSamples.of(file).rgb(reader.readRaster(0, null))
                : rgb(reader.read(0));
        if (damage[0] != null) {
          throw new IOException(damage[0]);
        }
        return image;
      } finally {
        reader.dispose();
      }
    } catch (UserError e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The codecs answer some damaged headers with an unchecked exception.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw UserError.of("the picture is damaged or cut short: " + reason)
          .rule("a whole " + KINDS.substring(2))
          .mend("copy or download it again" + LEAVE_OUT)
          .because(e);
    }
  }

  private static void checkSize(int width, int height) {
    if ((long) width * height > MOST_PIXELS) {
      throw UserError.of("the picture claims " + width + " x " + height + " pixels")
          .rule("at most " + MOST_PIXELS + " pixels, as in Pillow")
          .mend("shrink it with another program" + LEAVE_OUT);
    }
  }

  /**
   * A JPEG that is cut short decodes with a mere warning, its lower part grey. One that lacks but
   * its end marker is refused too, as by Pillow: it cannot be told from one that lacks a scan.
   * Stray bytes before a marker are harmless and common.
   */
  private static boolean tellsOfDamage(String warning) {
    return warning.contains("remature end")
        || warning.contains("Truncated File")
        || (warning.contains("Corrupt") && !warning.contains("extraneous"));
  }

  /** Colours of a palette, else the samples as they are, scaled to 8 bits. */
  private static Image rgb(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    Raster raster = picture.getRaster();
    int bands = raster.getNumBands();
    boolean indexed = picture.getColorModel() instanceof IndexColorModel;
    byte[][] levels = indexed ? palette(picture.getColorModel()) : null;
    if (!indexed) {
      checkColours(picture.getColorModel(), raster);
    }
    int[] row = new int[width * bands];
    byte[] out = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int c = 0; c < 3; c++) {
        int band = bands < 3 ? 0 : c;
        int bits = raster.getSampleModel().getSampleSize(band);
        int to = y * width * 3 + c;
        for (int x = 0; x < width; x++) {
          int sample = row[x * bands + band];
          out[to + 3 * x] = indexed ? levels[c][sample] : eightBits(sample, bits);
        }
      }
    }
    return new Image(width, height, 3, out);
  }

  /** The high byte of a longer sample; a shorter one spread over 0 to 255. */
  private static byte eightBits(int sample, int bits) {
    return (byte) (bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
  }

  private static byte[][] palette(ColorModel model) {
    IndexColorModel palette = (IndexColorModel) model;
    byte[][] colours = new byte[3][palette.getMapSize()];
    palette.getReds(colours[0]);
    palette.getGreens(colours[1]);
    palette.getBlues(colours[2]);
    return colours;
  }

  private static void checkColours(ColorModel model, Raster raster) {
    int space = model.getColorSpace().getType();
    int type = raster.getDataBuffer().getDataType();
    boolean whole =
        type == DataBuffer.TYPE_BYTE
            || type == DataBuffer.TYPE_USHORT
            || (type == DataBuffer.TYPE_INT && raster.getSampleModel().getSampleSize(0) <= 16);
    boolean known = space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY;
    if (!whole || !known) {
      throw UserError.of(
              "the picture's samples have no one meaning as red, green and blue: "
                  + raster.getNumBands()
                  + " of "
                  + raster.getSampleModel().getSampleSize(0)
                  + " bits")
          .rule("grey, RGB or a palette, of at most 16 bits; CMYK in a JPEG alone")
          .mend("convert it to an RGB PNG" + LEAVE_OUT);
    }
  }
}
