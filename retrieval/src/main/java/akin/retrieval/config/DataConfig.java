package akin.retrieval.config;

import akin.retrieval.data.ChannelOrder;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.data.ResizeFilter;
import java.util.Collections;
import java.util.List;

/**
 * How a data set is read and its pictures become inputs.
 *
 * @param path the data set's place; the option --data comes before it
 * @param layout of the data set on disk; auto finds out
 * @param width of the input
 * @param height of the input
 * @param grey one channel instead of three
 * @param shortSide 0 stretches to width × height; else the shorter side is scaled to this length
 *     and the middle is cut out
 * @param filter of the resizing
 * @param mean subtracted from x/255, one number per channel
 * @param std then divided by, one number per channel
 * @param mirror whether training pictures are mirrored half of the time
 * @param shift by how many pixels training pictures are moved at most, each way
 * @param limit the most training pictures; 0 for all
 */
public record DataConfig(
    String path,
    Datasets.Layout layout,
    Integer width,
    Integer height,
    Boolean grey,
    Integer shortSide,
    ResizeFilter filter,
    List<Double> mean,
    List<Double> std,
    Boolean mirror,
    Integer shift,
    Integer limit) {

  /** Fills in defaults. */
  public DataConfig {
    layout = layout == null ? Datasets.Layout.AUTO : layout;
    width = width == null ? 64 : width;
    height = height == null ? width : height;
    grey = grey != null && grey;
    shortSide = shortSide == null ? 0 : shortSide;
    filter = filter == null ? ResizeFilter.BILINEAR : filter;
    mean = mean == null ? Collections.nCopies(grey ? 1 : 3, 0.5) : List.copyOf(mean);
    std = std == null ? Collections.nCopies(grey ? 1 : 3, 0.5) : List.copyOf(std);
    mirror = mirror != null && mirror;
    shift = shift == null ? 0 : shift;
    limit = limit == null ? 0 : limit;
    Rules.atLeast("width", width, 1);
    Rules.atLeast("height", height, 1);
    Rules.atLeast("shortSide", shortSide, 0);
    Rules.atLeast("shift", shift, 0);
    Rules.atLeast("limit", limit, 0);
    preprocessing(width, height, shortSide, filter, grey, mean, std);
  }

  /** The preprocessing that this makes. */
  public Preprocessing preprocessing() {
    return preprocessing(width, height, shortSide, filter, grey, mean, std);
  }

  /** The same with another place. */
  DataConfig withPath(String other) {
    return new DataConfig(
        other, layout, width, height, grey, shortSide, filter, mean, std, mirror, shift, limit);
  }

  private static Preprocessing preprocessing(
      int width,
      int height,
      int shortSide,
      ResizeFilter filter,
      boolean grey,
      List<Double> mean,
      List<Double> std) {
    Fit fit = shortSide == 0 ? new Fit.Stretch() : new Fit.Crop(shortSide);
    ChannelOrder order = grey ? ChannelOrder.GREY : ChannelOrder.RGB;
    return new Preprocessing(width, height, fit, filter, order, 255, mean, std);
  }
}
