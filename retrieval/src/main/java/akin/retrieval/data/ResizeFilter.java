package akin.retrieval.data;

import java.util.Locale;

/**
 * Pillow's resampling filters: the weight of a source pixel at distance x from the centre of the
 * wanted one, measured in the coarser of the two pixel grids.
 */
public enum ResizeFilter {
  /** The source pixel that holds the centre of the wanted one; nothing is averaged. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      throw new UnsupportedOperationException("nearest picks a pixel, it does not weigh");
    }
  },
  /** 1 for −½ &lt; x ≤ ½. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  /** A triangle: 1 − |x|. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** sinc(x) · (0.54 + 0.46 cos πx), one lobe. */
  HAMMING(1) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      if (distance == 0) {
        return 1;
      }
      if (distance >= 1) {
        return 0;
      }
      double angle = distance * Math.PI;
      return Math.sin(angle) / angle * (0.54 + 0.46 * Math.cos(angle));
    }
  },
  /** Keys' cubic with a = −½. */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  },
  /** sinc(x) · sinc(x/3), three lobes. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  };

  /** How far from the centre a pixel still counts. */
  final double support;

  ResizeFilter(double support) {
    this.support = support;
  }

  abstract double weight(double x);

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }

  /** The name in files and on the command line: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
