package akin.tensor.cpu;

/**
 * Chooses once between the loops written with the Vector API and their plain twins. The classes
 * named Vector… are loaded only where module {@code jdk.incubator.vector} is there.
 *
 * <p>{@code -Dakin.vector.bits=512|256|128} forces a width, {@code 0} the plain loops.
 */
final class Simd {
  /** Width of a vector: 512, 256, 128, or 0 for the plain loops. */
  static final int BITS = bits();

  /** Tiles of products. */
  static final Tiles TILES = BITS == 0 ? new ScalarTiles() : new VectorTiles();

  /** Tiles of convolutions with one tap. */
  static final Points POINTS = BITS == 0 ? new ScalarPoints() : new VectorPoints();

  /** Sums along rows. */
  static final Sums SUMS = BITS == 0 ? new ScalarSums() : new VectorSums();

  /** Arithmetic of two lines. */
  static final Binaries BINARIES = BITS == 0 ? new ScalarBinaries() : new VectorBinaries();

  /** Planes of one channel. */
  static final Planes PLANES = BITS == 0 ? new ScalarPlanes() : new VectorPlanes();

  /** Sums down columns. */
  static final Columns COLUMNS = BITS == 0 ? new ScalarColumns() : new VectorColumns();

  /** Differences of rows. */
  static final Differences DIFFERENCES =
      BITS == 0 ? new ScalarDifferences() : new VectorDifferences();

  /** Hinges over triplets. */
  static final Hinges HINGES = BITS == 0 ? new ScalarHinges() : new VectorHinges();

  /** Rows of layer normalisation. */
  static final LayerRows LAYER_ROWS = BITS == 0 ? new ScalarLayerRows() : new VectorLayerRows();

  /** Curves: exponential, logarithm, and what is made of them. */
  static final Curves CURVES = BITS == 0 ? new ScalarCurves() : new VectorCurves();

  /** Short rows. */
  static final Strips STRIPS = BITS == 0 ? new ScalarStrips() : new VectorStrips();

  /** Sums over the taps of one plane. */
  static final Windows WINDOWS = BITS == 0 ? new ScalarWindows() : new VectorWindows();

  /** Products of rows with rows. */
  static final Dots DOTS = BITS == 0 ? new ScalarDots() : new VectorDots();

  /** Maxima of 2×2 cells. */
  static final Halvings HALVINGS = BITS == 0 ? new ScalarHalvings() : new VectorHalvings();

  /** Squares turned over; other widths than 512 gain little. */
  static final Transposes TRANSPOSES =
      BITS == 512 ? new VectorTransposes() : new ScalarTransposes();

  /** Maps of patches; after TILES, whose width they have. */
  static final Patches PATCHES = BITS == 0 ? new ScalarPatches() : new VectorPatches();

  /** Blocks of channels, as many as {@link #PATCHES} have; after them. */
  static final Blocks BLOCKS = BITS == 0 ? new ScalarBlocks() : new VectorBlocks();

  /** Codes of searched rows. Eight bytes are the shortest vector. */
  static final Codes CODES = BITS >= 256 ? new VectorCodes() : new ScalarCodes();

  private Simd() {}

  private static int bits() {
    String forced = System.getProperty("akin.vector.bits", "");
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    switch (forced) {
      case "0":
        return 0;
      case "128":
      case "256":
      case "512":
      case "":
        if (!module) {
          System.err.println(
              "akin: without the Vector API the cpu backend is many times slower;"
                  + " mend: java --add-modules jdk.incubator.vector");
          return 0;
        }
        return forced.isEmpty() ? VectorWidth.preferred() : Integer.parseInt(forced);
      default:
        System.err.println(
            "akin: -Dakin.vector.bits=" + forced + " is none of 0, 128, 256, 512; it is ignored");
        return module ? VectorWidth.preferred() : 0;
    }
  }
}
