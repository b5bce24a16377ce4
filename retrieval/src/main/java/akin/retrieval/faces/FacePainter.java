package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** Puts the parts of a face on paper, back to front. */
final class FacePainter {
  /** Units that the body moves up, for more of what is worn around the neck to be seen. */
  private static final double SHORT_NECK = 2;

  /** The height of the top of the neck. */
  private static final double NAPE = 26;

  private FacePainter() {}

  /** Draws at twice the size and shrinks, so that thin lines are even. */
  static Image paint(FaceTraits traits, RandomStream stream, int size) {
    int paper = 2 * size;
    BufferedImage picture = new BufferedImage(paper, paper, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(paper / 100.0, paper / 100.0);
      Pencil pencil = new Pencil(graphics);
      Look look = new Look(traits, stream);
      Scene.paint(graphics, pencil, look.draws("scene"));
      person(look, pencil);
    } finally {
      graphics.dispose();
    }
    return Photograph.of(halve(picture), traits.has(BLURRY), stream.child("photograph"));
  }

  private static void person(Look look, Pencil pencil) {
    Wear wear = new Wear(look, pencil);
    Hair hair = new Hair(look, pencil);
    Runnable whole =
        () -> {
          pencil.at(0, -SHORT_NECK, 0, 1, 1, wear::body);
          onHead(look, pencil, hair::back);
          pencil.at(0, -SHORT_NECK, 0, 1, 1, wear::neck);
          onHead(look, pencil, () -> head(look, pencil, hair, wear));
        };
    pencil.at(look.x, look.y, 0, look.scale, look.scale, whole);
  }

  /** The head leans around the top of the neck; the shoulders stay. */
  private static void onHead(Look look, Pencil pencil, Runnable drawing) {
    pencil.at(0, NAPE, look.tilt, 1, 1, () -> pencil.at(0, -NAPE, 0, 1, 1, drawing));
  }

  private static void head(Look look, Pencil pencil, Hair hair, Wear wear) {
    Head head = new Head(look, pencil);
    Eyes eyes = new Eyes(look, pencil);
    Mouth mouth = new Mouth(look, pencil);
    head.paint();
    // The features lie in front of the axis that the head turns around.
    Runnable features =
        () -> {
          head.features();
          eyes.paint();
          mouth.nose();
        };
    new Beard(look, pencil).paint();
    pencil.at(look.yaw * 2.6, look.nod, 0, 1, 1, features);
    pencil.at(look.yaw * 2.2, look.nod * 0.6, 0, 1, 1, mouth::mouth);
    hair.front();
    if (look.has(EYEGLASSES)) {
      pencil.at(look.yaw * 2.6, look.nod, 0, 1, 1, eyes::glasses);
    }
    if (look.has(WEARING_EARRINGS)) {
      wear.earrings();
    }
    if (look.has(WEARING_HAT)) {
      wear.hat();
    }
  }

  /** The mean of each block of two by two pixels. */
  private static Image halve(BufferedImage picture) {
    int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    int paper = picture.getWidth();
    int size = paper / 2;
    byte[] bytes = new byte[3 * size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int at = 2 * y * paper + 2 * x;
        for (int c = 0; c < 3; c++) {
          int shift = 16 - 8 * c;
          int sum =
              (pixels[at] >> shift & 0xff)
                  + (pixels[at + 1] >> shift & 0xff)
                  + (pixels[at + paper] >> shift & 0xff)
                  + (pixels[at + paper + 1] >> shift & 0xff);
          bytes[(y * size + x) * 3 + c] = (byte) (sum + 2 >> 2);
        }
      }
    }
    return new Image(size, size, 3, bytes);
  }
}
