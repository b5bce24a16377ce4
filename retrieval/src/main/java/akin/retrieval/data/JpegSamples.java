package akin.retrieval.data;

import java.awt.image.Raster;
import java.io.IOException;

/**
 * A JPEG's stored samples as RGB, by libjpeg's rules and integers: which colours the samples mean
 * ({@code jdapimin.c}, default_decompress_parms), how YCbCr becomes RGB ({@code jdcolor.c}), and
 * from there Pillow's CMYK to RGB ({@code Convert.c}, cmyk2rgb). ImageIO's own conversion would
 * guess where libjpeg has a rule, and apply an embedded colour profile.
 */
enum JpegSamples {
  GREY,
  RGB,
  YCBCR,
  /** Cyan, magenta, yellow and black, each stored inverted as Adobe does; 255 is no ink. */
  CMYK,
  /** The same with cyan, magenta and yellow as the YCbCr of their complements. */
  YCCK;

  /** 2¹⁶ is 1 in the products below. */
  private static final int ONE = 1 << 16;

  /** Red is Y plus this for Cr: 1.402 (Cr − 128), rounded. */
  private static final int[] RED = new int[256];

  /** Blue is Y plus this for Cb: 1.772 (Cb − 128), rounded. */
  private static final int[] BLUE = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      RED[i] = (fixed(1.402) * (i - 128) + ONE / 2) >> 16;
      BLUE[i] = (fixed(1.772) * (i - 128) + ONE / 2) >> 16;
    }
  }

  /**
   * Reads the markers before the first scan.
   *
   * @throws IOException if the file ends or is no JPEG before them
   */
  static JpegSamples of(byte[] file) throws IOException {
    boolean jfif = false;
    int adobe = -1;
    int components = 0;
    String ids = "";
    int at = 2;
    while (true) {
      while (byteAt(file, at) == 0xff && byteAt(file, at + 1) == 0xff) {
        at++; // fill bytes
      }
      int marker = byteAt(file, at) == 0xff ? byteAt(file, at + 1) : 0;
      if (marker == 0) {
        at++; // stray bytes, harmless and common
        continue;
      }
      if (marker == 0xda) {
        return meaning(components, ids, jfif, adobe);
      }
      if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd9) {
        at += 2; // markers without a body
        continue;
      }
      int length = byteAt(file, at + 2) << 8 | byteAt(file, at + 3);
      int body = at + 4;
      if (marker == 0xe0 && length >= 16 && starts(file, body, "JFIF\0")) {
        jfif = true;
      } else if (marker == 0xee && length >= 14 && starts(file, body, "Adobe")) {
        adobe = byteAt(file, body + 11);
      } else if (marker >= 0xc0 && marker <= 0xcf && (marker & 3) != 0 || marker == 0xc0) {
        components = byteAt(file, body + 5);
        StringBuilder names = new StringBuilder();
        for (int c = 0; c < Math.min(components, 4); c++) {
          names.append((char) byteAt(file, body + 6 + 3 * c));
        }
        ids = names.toString();
      }
      at += 2 + Math.max(2, length);
    }
  }

  private static JpegSamples meaning(int components, String ids, boolean jfif, int adobe)
      throws IOException {
    return switch (components) {
      case 1 -> GREY;
      case 3 -> !jfif && (adobe < 0 ? ids.equals("RGB") : adobe == 0) ? RGB : YCBCR;
      case 4 -> adobe <= 0 ? CMYK : YCCK;
      default -> throw new IOException("a JPEG of " + components + " components");
    };
  }

  private static int byteAt(byte[] file, int at) throws IOException {
    if (at >= file.length) {
      throw new IOException("it ends before its picture begins");
    }
    return file[at] & 0xff;
  }

  private static boolean starts(byte[] file, int at, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      if (byteAt(file, at + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Converts what {@code ImageReader.readRaster} found. */
  Image rgb(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] out = new byte[3 * width * height];
    byte[] row = null;
    for (int y = 0; y < height; y++) {
      row = (byte[]) raster.getDataElements(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      int to = 3 * y * width;
      switch (this) {
        case GREY -> grey(row, out, to);
        case RGB -> System.arraycopy(row, 0, out, to, row.length);
        case YCBCR -> colours(row, 3, out, to);
        case CMYK -> {
          for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
              out[to + 3 * x + c] = inked(255 - (row[4 * x + c] & 0xff), row[4 * x + 3] & 0xff);
            }
          }
        }
        case YCCK -> {
          colours(row, 4, out, to);
          for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
              int at = to + 3 * x + c;
              out[at] = inked(out[at] & 0xff, row[4 * x + 3] & 0xff);
            }
          }
        }
      }
    }
    return new Image(width, height, 3, out);
  }

  private static void grey(byte[] row, byte[] out, int to) {
    for (int x = 0; x < row.length; x++) {
      out[to + 3 * x] = row[x];
      out[to + 3 * x + 1] = row[x];
      out[to + 3 * x + 2] = row[x];
    }
  }

  /** R = Y + 1.402 Cr', G = Y − 0.34414 Cb' − 0.71414 Cr', B = Y + 1.772 Cb', less 128 each. */
  private static void colours(byte[] row, int stride, byte[] out, int to) {
    int green = -fixed(0.34414);
    int greenOfRed = -fixed(0.71414);
    int at = to;
    for (int i = 0; i < row.length; i += stride) {
      int luma = row[i] & 0xff;
      int cb = row[i + 1] & 0xff;
      int cr = row[i + 2] & 0xff;
      int dark = (green * (cb - 128) + greenOfRed * (cr - 128) + ONE / 2) >> 16;
      out[at] = clamp(luma + RED[cr]);
      out[at + 1] = clamp(luma + dark);
      out[at + 2] = clamp(luma + BLUE[cb]);
      at += 3;
    }
  }

  /** light − ink · light / 255, the quotient rounded as Pillow's MULDIV255 does. */
  private static byte inked(int ink, int light) {
    int product = ink * light + 128;
    return clamp(light - ((product >> 8) + product >> 8));
  }

  private static int fixed(double x) {
    return (int) (x * ONE + 0.5);
  }

  private static byte clamp(int x) {
    return (byte) Math.max(0, Math.min(255, x));
  }
}
