package akin.tests;

import akin.tensor.RandomStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Faint stripes; each kind has its direction. Brightness, contrast, phase and noise are no kind's,
 * so that an untrained network tells few of them apart.
 */
final class Stripes {
  private static final int SIDE = 16;
  private static final int KINDS = 5;
  private static final double WAVE = 4; // pixels
  private static final int PIXELS = SIDE * SIDE;

  private Stripes() {}

  /** Pictures {@code from} to {@code to} − 1 of a kind, in {@code folder/split/kind…}. */
  static void draw(Path folder, String split, int kind, int from, int to) throws IOException {
    Path pictures = Files.createDirectories(folder.resolve(split).resolve("kind" + kind));
    double angle = Math.PI * kind / KINDS;
    for (int i = from; i < to; i++) {
      RandomStream draws = RandomStream.of(kind, "stripes").child(i);
      int ground = 40 + draws.below(PIXELS, 140);
      int contrast = 20 + draws.below(PIXELS + 1, 20);
      int phase = draws.below(PIXELS + 2, 2 * (int) WAVE);
      BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int k = 0; k < PIXELS; k++) {
        double along = k % SIDE * Math.cos(angle) + k / SIDE * Math.sin(angle) + phase;
        double wave = contrast * Math.sin(2 * Math.PI * along / WAVE);
        int grey = (int) Math.max(0, Math.min(255, ground + wave + draws.below(k, 32)));
        picture.setRGB(k % SIDE, k / SIDE, grey * 0x10101);
      }
      ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
    }
  }
}
