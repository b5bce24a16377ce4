package akin.retrieval.data;

import static akin.retrieval.data.PictureFiles.bytes;
import static akin.retrieval.data.PictureFiles.colourful;
import static akin.retrieval.data.PictureFiles.frame;
import static akin.retrieval.data.PictureFiles.join;
import static akin.retrieval.data.PictureFiles.png;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BandedSampleModel;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no picture, or half of one, is told in one message with the rule and the mend. */
class BadPictureTest {
  @TempDir Path folder;

  private void assertTold(byte[] file, String... words) throws IOException {
    assertTold(Files.write(folder.resolve("bad.jpg"), file), words);
  }

  private static void assertTold(Path path, String... words) {
    String message = assertThrows(UserError.class, () -> Image.decode(path)).getMessage();
    assertTrue(message.startsWith(path.toString()), message);
    assertTrue(message.contains("\n  rule: ") && message.contains("\n  mend: "), message);
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aFileOfAnotherKindIsNamed() throws IOException {
    assertTold(new byte[0], "empty: 0 bytes");
    assertTold(text("\r\n<!DOCTYPE html>\n<html><body>404 Not Found"), "an HTML page");
    assertTold(text("\u00ef\u00bb\u00bf<HTML>"), "an HTML page");
    assertTold(text("<?xml version='1.0'?><svg width='3'/>"), "an SVG drawing");
    assertTold(text("version https://git-lfs.github.com/spec/v1\n"), "a text");
    assertTold(join(text("RIFF"), bytes(9, 0, 0, 0), text("WEBPVP8 ")), "a WebP picture");
    assertTold(join(bytes(0, 0, 0, 32), text("ftypavif")), "an AVIF picture");
    assertTold(join(bytes(0, 0, 0, 32), text("ftypheic")), "a HEIC picture");
    assertTold(join(bytes(0, 0, 0, 12), text("jP  \r\n")), "a JPEG 2000 picture");
    assertTold(text("PK\3\4\24"), "a zip archive");
    assertTold(text("%PDF-1.7"), "a PDF document");
    assertTold(bytes(7, 200, 3), "a file of no known kind");
  }

  @Test
  void whatIsNotThereOrNoFileIsTold() {
    assertTold(folder.resolve("none.png"), "the picture is missing");
    assertTold(folder, "cannot be read");
  }

  /** Refused by the header: nothing as large as the claim is ever allocated. */
  @Test
  void aHugePictureIsRefusedBeforeMemoryIsTaken() throws IOException {
    assertTold(png(60_000, 60_000, 8, 0, bytes(0, 1)), "60000 x 60000", "178956970");
    assertTold(png(178_956_971, 1, 1, 0, bytes(0, 1)), "178956971 x 1");
    byte[] jpeg = PictureFiles.plainJpeg(1, 2, 3);
    int frame = frame(jpeg);
    for (int i : new int[] {5, 7}) {
      jpeg[frame + i] = (byte) (60_000 >> 8);
      jpeg[frame + i + 1] = (byte) 60_000;
    }
    assertTold(jpeg, "60000 x 60000");
    byte[] gif = PictureFiles.file(colourful(2, 1), "gif");
    int descriptor = gif.length;
    do {
      descriptor--;
    } while (gif[descriptor] != ',' || gif[descriptor + 5] != 2 || gif[descriptor + 7] != 1);
    Arrays.fill(gif, descriptor + 5, descriptor + 9, (byte) 0xff);
    assertTold(gif, "65535 x 65535");
  }

  /** Read in full, but its resized form would have 256 x 256,000,000 pixels. */
  @Test
  void aPictureTooThinToBeResizedIsTold() throws IOException {
    Image thin = new Image(1, 1_000_000, 1, new byte[1_000_000]);
    Files.write(folder.resolve("thin.png"), ImageCodec.png(thin));
    Dataset data =
        new ImageFiles(
            "one",
            folder,
            List.of("thin.png"),
            new Split[] {Split.TRAIN},
            new int[] {-1},
            List.of(),
            Optional.empty());
    for (Preprocessing input :
        List.of(Preprocessing.crop(256, 224).grey(), Preprocessing.stretch(224, 224).grey())) {
      String told = assertThrows(UserError.class, () -> data.shaped(0, input)).getMessage();
      assertTrue(told.startsWith("thin.png: a picture of 1 x 1000000 pixels"), told);
    }
    assertEquals(3, Preprocessing.central(1, 1).shape(data.image(0)).bytes().length);
  }

  @Test
  void coloursWithoutADefinedMeaningAreRefused() throws IOException {
    BandedSampleModel floats = new BandedSampleModel(DataBuffer.TYPE_FLOAT, 2, 2, 1);
    WritableRaster raster = Raster.createWritableRaster(floats, new Point());
    ComponentColorModel grey =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, 1, DataBuffer.TYPE_FLOAT);
    byte[] tiff = PictureFiles.file(new BufferedImage(grey, raster, false, null), "tiff");
    assertTold(tiff, "1 of 32 bits", "at most 16 bits");
    assertTold(PictureFiles.plainJpeg(1, 2), "2 components");
  }

  private static Map<String, byte[]> whole() {
    BufferedImage picture = colourful(24, 17);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String format : new String[] {"png", "bmp", "tiff", "gif"}) {
      files.put(format, PictureFiles.file(picture, format));
    }
    files.put("jpeg", PictureFiles.jpeg(new IIOImage(picture, null, null), false));
    files.put("progressive", PictureFiles.jpeg(new IIOImage(picture, null, null), true));
    files.put("cmyk", PictureFiles.withAdobe(PictureFiles.plainJpeg(1, 2, 3, 4), 2));
    return files;
  }

  /** Cut at any byte, a file is refused, or only its ending was lost and the picture is whole. */
  @Test
  void aFileThatIsCutShortNeverGivesHalfAPicture() {
    whole()
        .forEach(
            (name, file) -> {
              Image image = ImageCodec.decode(file);
              int refused = 0;
              for (int length = 0; length < file.length; length++) {
                try {
                  Image found = ImageCodec.decode(Arrays.copyOf(file, length));
                  assertEquals(image, found, name + " cut to " + length + " of " + file.length);
                } catch (UserError e) {
                  refused++;
                }
              }
              assertTrue(refused > file.length / 2, name + " refused " + refused);
            });
  }

  @Test
  void damageIsAUserErrorOrAPictureNeverACrash() {
    Random random = new Random(3);
    whole()
        .forEach(
            (name, file) -> {
              for (int i = 0; i < 500; i++) {
                byte[] damaged = file.clone();
                for (int k = random.nextInt(3); k >= 0; k--) {
                  damaged[random.nextInt(file.length)] = (byte) random.nextInt(256);
                }
                try {
                  ImageCodec.decode(damaged);
                } catch (UserError e) {
                  assertTrue(e.getMessage().contains("rule: "), e.getMessage());
                }
              }
            });
  }
}
