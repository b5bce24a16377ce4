package akin.tests;

import akin.tensor.RandomStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Grey pictures of a bright spot on a dark noisy ground; each kind has its spot elsewhere. */
final class Spots {
  private Spots() {}

  /** Pictures {@code from} to {@code to} − 1 of a kind, in {@code folder/split/kind…}. */
  static void draw(Path folder, String split, int side, int kind, int from, int to)
      throws IOException {
    Path pictures = Files.createDirectories(folder.resolve(split).resolve("kind" + kind));
    for (int i = from; i < to; i++) {
      RandomStream draws = RandomStream.of(kind, "spot").child(i);
      BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
      for (int k = 0; k < side * side; k++) {
        int x = k % side;
        int y = k / side;
        boolean spot = Math.hypot(x - 3 - 2 * kind, y - 12 + 2 * kind) < 3;
        picture.setRGB(x, y, (spot ? 0xc0 : 0x20) * 0x10101 + draws.below(k, 0x20));
      }
      ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
    }
  }
}
