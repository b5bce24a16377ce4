package akin.retrieval.data;

import static akin.retrieval.data.PictureFiles.bytes;
import static akin.retrieval.data.PictureFiles.chunk;
import static akin.retrieval.data.PictureFiles.colourful;
import static akin.retrieval.data.PictureFiles.deflated;
import static akin.retrieval.data.PictureFiles.frame;
import static akin.retrieval.data.PictureFiles.join;
import static akin.retrieval.data.PictureFiles.plainJpeg;
import static akin.retrieval.data.PictureFiles.png;
import static akin.retrieval.data.PictureFiles.withAdobe;
import static akin.retrieval.data.PictureFiles.withSegment;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;

/**
 * Files off the beaten track have one defined result, which is Pillow's where it has a good one.
 */
class OddPictureTest {
  /** The samples of the whole picture, 0 to 255. */
  private static int[] decoded(byte[] file) {
    byte[] samples = ImageCodec.decode(file).bytes();
    int[] out = new int[samples.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = samples[i] & 0xff;
    }
    return out;
  }

  private static int[] grey(int... levels) {
    int[] out = new int[3 * levels.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = levels[i / 3];
    }
    return out;
  }

  private static void assertPixels(int[] wanted, byte[] file) {
    assertArrayEquals(wanted, decoded(file));
  }

  @Test
  void greyOfAnyDepthIsSpreadOver0To255() {
    assertPixels(grey(0, 255), png(2, 1, 1, 0, bytes(0, 0x40)));
    assertPixels(grey(85, 170), png(2, 1, 2, 0, bytes(0, 0x60)));
    assertPixels(grey(85, 238), png(2, 1, 4, 0, bytes(0, 0x5e)));
    assertPixels(grey(100, 200), png(2, 1, 8, 0, bytes(0, 100, 200)));
  }

  /** Photometric interpretation 0 (tag 262): white is zero. */
  @Test
  void aTiffWhoseZeroIsWhiteIsInverted() {
    BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setPixels(0, 0, 2, 1, new int[] {10, 200});
    byte[] tiff = PictureFiles.file(picture, "tiff");
    int tag = 0;
    while (tiff[tag] != 1 || tiff[tag + 1] != 6 || tiff[tag + 3] != 3 || tiff[tag + 9] != 1) {
      tag++;
    }
    tiff[tag + 9] = 0;
    assertPixels(grey(245, 55), tiff);
  }

  @Test
  void of16BitsTheHighByteIsTaken() {
    assertPixels(grey(100, 200), png(2, 1, 16, 0, bytes(0, 100, 250, 200, 5)));
    assertPixels(grey(100, 200), png(2, 1, 16, 4, bytes(0, 100, 250, 0, 0, 200, 5, 255, 255)));
    assertPixels(new int[] {1, 2, 3}, png(1, 1, 16, 2, bytes(0, 1, 250, 2, 250, 3, 250)));
    assertPixels(new int[] {1, 2, 3}, png(1, 1, 16, 6, bytes(0, 1, 250, 2, 250, 3, 250, 0, 0)));
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setPixels(0, 0, 2, 1, new int[] {100 << 8 | 250, 200 << 8});
    assertPixels(grey(100, 200), PictureFiles.file(deep, "tiff"));
  }

  @Test
  void transparencyIsDroppedAndTheColourBehindItKept() {
    assertPixels(grey(100, 200), png(2, 1, 8, 4, bytes(0, 100, 0, 200, 255)));
    assertPixels(grey(100, 200), png(2, 1, 8, 0, bytes(0, 100, 200), chunk("tRNS", bytes(0, 100))));
    byte[] seen = chunk("tRNS", bytes(0, 1, 0, 2, 0, 3));
    assertPixels(new int[] {1, 2, 3, 4, 5, 6}, png(2, 1, 8, 2, bytes(0, 1, 2, 3, 4, 5, 6), seen));
    assertPixels(new int[] {1, 2, 3, 4, 5, 6}, png(2, 1, 8, 6, bytes(0, 1, 2, 3, 0, 4, 5, 6, 255)));
  }

  @Test
  void aPaletteIsLookedUp() {
    byte[] colours = chunk("PLTE", bytes(1, 2, 3, 200, 100, 50));
    int[] wanted = {200, 100, 50, 1, 2, 3};
    assertPixels(wanted, png(2, 1, 8, 3, bytes(0, 1, 0), colours));
    assertPixels(wanted, png(2, 1, 1, 3, bytes(0, 0x80), colours));
    byte[] clear = chunk("tRNS", bytes(255, 0));
    assertPixels(wanted, png(2, 1, 8, 3, bytes(0, 1, 0), colours, clear));
    for (int transparent : new int[] {-1, 1}) {
      byte[] red = bytes(1, 200);
      byte[] green = bytes(2, 100);
      byte[] blue = bytes(3, 50);
      BufferedImage picture =
          new BufferedImage(
              2,
              1,
              BufferedImage.TYPE_BYTE_INDEXED,
              new IndexColorModel(8, 2, red, green, blue, transparent));
      picture.getRaster().setPixels(0, 0, 2, 1, new int[] {1, 0});
      assertPixels(wanted, PictureFiles.file(picture, "gif"));
    }
  }

  @Test
  void gammaAndProfilesAreIgnored() {
    byte[] row = bytes(0, 1, 2, 3, 100, 150, 200);
    int[] stored = {1, 2, 3, 100, 150, 200};
    byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    assertPixels(stored, png(2, 1, 8, 2, row, chunk("gAMA", bytes(0, 1, 0x86, 0xa0))));
    assertPixels(
        stored, png(2, 1, 8, 2, row, chunk("iCCP", join(bytes('p', 0, 0), deflated(linear)))));
    BufferedImage picture = colourful(40, 30);
    byte[] jpeg = PictureFiles.jpeg(new IIOImage(picture, null, null), false);
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    // JFIF's own segment has to stay the first one.
    byte[] profile = withSegment(jpeg, 0xe2, join(name, linear));
    byte[] jfif = Arrays.copyOfRange(jpeg, 2, 20);
    byte[] ordered =
        join(
            Arrays.copyOf(jpeg, 2),
            jfif,
            Arrays.copyOfRange(profile, 2, profile.length - jpeg.length + 2),
            Arrays.copyOfRange(jpeg, 20, jpeg.length));
    assertEquals(ImageCodec.decode(jpeg), ImageCodec.decode(ordered));
  }

  /** Levels of a grey JPEG are the stored ones: ImageIO's getRGB makes 168 of 100. */
  @Test
  void aGreyJpegKeepsItsLevels() {
    for (int level : new int[] {0, 1, 100, 200, 255}) {
      int[] wanted = new int[3 * 256];
      Arrays.fill(wanted, level);
      assertPixels(wanted, plainJpeg(level));
    }
  }

  @Test
  void aPictureWithAnOrientationIsNotTurned() {
    byte[] jpeg = PictureFiles.jpeg(new IIOImage(colourful(24, 16), null, null), false);
    byte[] exif =
        join(
            "Exif\0\0MM".getBytes(StandardCharsets.ISO_8859_1),
            bytes(0, 42, 0, 0, 0, 8, 0, 1), // one entry:
            bytes(0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0), // orientation: a quarter turn
            bytes(0, 0, 0, 0));
    Image image = ImageCodec.decode(withSegment(jpeg, 0xe1, exif));
    assertEquals(ImageCodec.decode(jpeg), image);
    assertEquals(24, image.width());
  }

  @Test
  void aProgressiveJpegEqualsTheBaselineOne() {
    BufferedImage picture = colourful(37, 29);
    assertEquals(
        ImageCodec.decode(PictureFiles.jpeg(new IIOImage(picture, null, null), false)),
        ImageCodec.decode(PictureFiles.jpeg(new IIOImage(picture, null, null), true)));
  }

  private static void assertPixel(int red, int green, int blue, byte[] jpeg) {
    assertArrayEquals(new int[] {red, green, blue}, Arrays.copyOf(decoded(jpeg), 3));
  }

  /**
   * Y 150, Cb 100, Cr 200: R = 150 + 1.402 · 72 = 250.9, G = 150 + 0.34414 · 28 − 0.71414 · 72 =
   * 108.2, B = 150 − 1.772 · 28 = 100.4.
   */
  @Test
  void threeComponentsAreReadByLibjpegsRules() {
    byte[] unmarked = plainJpeg(150, 100, 200);
    assertPixel(251, 108, 100, unmarked);
    assertPixel(251, 108, 100, withAdobe(unmarked, 1));
    assertPixel(150, 100, 200, withAdobe(unmarked, 0));
    assertPixel(251, 108, 100, named(unmarked, 0, 1, 2));
    assertPixel(150, 100, 200, named(unmarked, 'R', 'G', 'B'));
  }

  /** The components under other names, in the frame and in the scan. */
  private static byte[] named(byte[] jpeg, int... names) {
    byte[] out = jpeg.clone();
    int frame = frame(jpeg);
    int scan = frame;
    while (jpeg[scan] != (byte) 0xff || jpeg[scan + 1] != (byte) 0xda) {
      scan++;
    }
    for (int c = 0; c < names.length; c++) {
      out[frame + 10 + 3 * c] = (byte) names[c];
      out[scan + 5 + 2 * c] = (byte) names[c];
    }
    return out;
  }

  /**
   * Stored inverted: ink 55, 155, 105 of 255 under light 230 / 255 leaves 230 − 230 · 55/255 =
   * 180.4, 90.2, 135.3.
   */
  @Test
  void cmykIsInkOverWhite() {
    byte[] jpeg = plainJpeg(200, 100, 150, 230);
    assertPixel(180, 90, 135, jpeg);
    assertPixel(180, 90, 135, withAdobe(jpeg, 0));
    assertPixel(255, 255, 255, withAdobe(plainJpeg(255, 255, 255, 255), 0));
    assertPixel(0, 0, 0, withAdobe(plainJpeg(255, 255, 255, 0), 0));
    assertPixel(0, 255, 255, withAdobe(plainJpeg(0, 255, 255, 255), 0));
  }

  /**
   * YCbCr of the inks' complements: Y 150, Cb 100, Cr 200 are inks 251, 108, 100; under light 230:
   * 230 − 230 · 251/255 = 3.6, 132.6, 139.8.
   */
  @Test
  void ycckIsTheSameWithItsInksInYcbcr() {
    assertPixel(4, 133, 140, withAdobe(plainJpeg(150, 100, 200, 230), 2));
    assertPixel(255, 255, 255, withAdobe(plainJpeg(0, 128, 128, 255), 2));
  }

  @Test
  void bitmapsOf15And16BitsAreSpreadToo() {
    for (int type :
        new int[] {BufferedImage.TYPE_USHORT_565_RGB, BufferedImage.TYPE_USHORT_555_RGB}) {
      BufferedImage picture = new BufferedImage(2, 1, type);
      int greens = type == BufferedImage.TYPE_USHORT_565_RGB ? 63 : 31;
      picture.getRaster().setPixels(0, 0, 2, 1, new int[] {31, greens, 0, 16, greens / 2, 31});
      int middle = greens / 2 * 255 / greens;
      assertPixels(new int[] {255, 255, 0, 131, middle, 255}, PictureFiles.file(picture, "bmp"));
    }
  }

  @Test
  void everyFormatOfTheJdkGivesTheSamePixels() {
    BufferedImage picture = colourful(21, 13);
    Image wanted = ImageCodec.decode(PictureFiles.file(picture, "png"));
    assertEquals(picture.getRGB(20, 12) & 0xff, wanted.at(20, 12, 2));
    assertEquals(wanted, ImageCodec.decode(PictureFiles.file(picture, "bmp")));
    assertEquals(wanted, ImageCodec.decode(PictureFiles.file(picture, "tiff")));
  }
}
