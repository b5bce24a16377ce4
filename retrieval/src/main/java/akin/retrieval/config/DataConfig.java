package akin.retrieval.config;

import akin.retrieval.data.ChannelOrder;
import akin.retrieval.data.Curation;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.data.ResizeFilter;
import akin.retrieval.data.Split;
import akin.retrieval.data.augment.Augmentation;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a data set is read and its pictures become inputs. What the weights of a backbone decide
 * (width to std) may be left away where there are some: it is filled in from their card.
 *
 * @param path the data set's place; the option --data comes before it
 * @param layout of the data set on disk; auto finds out
 * @param sets several data sets to join, with places relative to path; none for the one at path
 * @param curation which pictures are used; all without
 * @param width of the input
 * @param height of the input
 * @param grey one channel instead of three
 * @param bgr blue first instead of red
 * @param fit stretch, crop256 (the shorter side to 256, the middle is cut out), central0.875 (the
 *     central square of 0.875 of the shorter side) or pad (zeros around, to a square)
 * @param filter of the resizing
 * @param divisor of the samples 0..255
 * @param mean then subtracted, one number per channel
 * @param std then divided by, one number per channel
 * @param mirror whether training pictures are mirrored half of the time
 * @param shift by how many pixels training pictures are moved at most, each way
 * @param augmentation further random changes of training pictures, one after the other, before they
 *     are mirrored and moved
 * @param limit the most training pictures; 0 for all
 * @param validation the share of the training pictures that are held out and watched, where the
 *     data set has no validation split of its own
 */
public record DataConfig(
    String path,
    Datasets.Layout layout,
    List<SetConfig> sets,
    Curation curation,
    Integer width,
    Integer height,
    Boolean grey,
    Boolean bgr,
    String fit,
    ResizeFilter filter,
    Double divisor,
    List<Double> mean,
    List<Double> std,
    Boolean mirror,
    Integer shift,
    List<Augmentation> augmentation,
    Integer limit,
    Double validation) {

  /** Fills in the defaults of what no weights decide, and checks the rest. */
  public DataConfig {
    layout = layout == null ? Datasets.Layout.AUTO : layout;
    sets = sets == null ? null : List.copyOf(sets);
    if (sets != null && sets.isEmpty()) {
      throw new IllegalArgumentException("sets must name at least one data set");
    }
    if (sets != null && layout != Datasets.Layout.AUTO) {
      throw new IllegalArgumentException("layout has no meaning beside sets: each has its own");
    }
    fit = fit == null ? null : Fit.parse(fit).label();
    mean = mean == null ? null : List.copyOf(mean);
    std = std == null ? null : List.copyOf(std);
    mirror = mirror != null && mirror;
    shift = shift == null ? 0 : shift;
    augmentation = augmentation == null ? List.of() : List.copyOf(augmentation);
    limit = limit == null ? 0 : limit;
    validation = validation == null ? 0.0 : validation;
    if (width != null) {
      Rules.atLeast("width", width, 1);
    }
    if (height != null) {
      Rules.atLeast("height", height, 1);
    }
    if (divisor != null) {
      Rules.positive("divisor", divisor);
    }
    if (Boolean.TRUE.equals(grey) && Boolean.TRUE.equals(bgr)) {
      throw new IllegalArgumentException("bgr has no meaning for grey pictures");
    }
    Rules.atLeast("shift", shift, 0);
    Rules.atLeast("limit", limit, 0);
    Rules.within("validation", validation, 0, 0.9);
    if (complete(width, height, grey, bgr, fit, filter, divisor, mean, std)) {
      ChannelOrder order = order(grey, bgr);
      new Preprocessing(width, height, Fit.parse(fit), filter, order, divisor, mean, std);
    }
  }

  private static boolean complete(Object... keys) {
    for (Object key : keys) {
      if (key == null) {
        return false;
      }
    }
    return true;
  }

  /** The preprocessing that this makes; every key must be filled in. */
  public Preprocessing preprocessing() {
    if (!complete(width, height, grey, bgr, fit, filter, divisor, mean, std)) {
      throw new IllegalStateException("the preprocessing is filled in from the weights first");
    }
    ChannelOrder order = order(grey, bgr);
    return new Preprocessing(width, height, Fit.parse(fit), filter, order, divisor, mean, std);
  }

  private static ChannelOrder order(boolean grey, boolean bgr) {
    return grey ? ChannelOrder.GREY : bgr ? ChannelOrder.BGR : ChannelOrder.RGB;
  }

  /**
   * What the recipe tells of the preprocessing by itself, for weights that do not know theirs: the
   * whole, if it names size, mean and standard deviation; else null.
   */
  public Preprocessing told() {
    return complete(width, mean, std) ? withDefaults().preprocessing() : null;
  }

  /** The same with defaults for what is left away: 64 × 64, stretched, to −1 … 1. */
  DataConfig withDefaults() {
    int columns = width == null ? 64 : width;
    boolean one = grey != null && grey;
    List<Double> half = Collections.nCopies(one ? 1 : 3, 0.5);
    return new DataConfig(
        path,
        layout,
        sets,
        curation,
        columns,
        height == null ? columns : height,
        one,
        bgr != null && bgr,
        fit == null ? "stretch" : fit,
        filter == null ? ResizeFilter.BILINEAR : filter,
        divisor == null ? 255.0 : divisor,
        mean == null ? half : mean,
        std == null ? half : std,
        mirror,
        shift,
        augmentation,
        limit,
        validation);
  }

  /**
   * The same with what is left away as the weights' card says it. The fit may be another than the
   * card's: which part of a picture is looked at is the data set's matter.
   *
   * @param anySize whether the size may be another, too
   * @param weights where the card belongs to, for the message
   * @throws UserError if a key contradicts the card
   */
  DataConfig completedBy(Preprocessing card, boolean anySize, String weights) {
    if (!anySize) {
      agree("width", width, card.width(), weights);
      agree("height", height, card.height(), weights);
    }
    int columns = width == null ? card.width() : width;
    int rows = height != null ? height : width == null ? card.height() : width;
    agree("grey", grey, card.order() == ChannelOrder.GREY, weights);
    agree("bgr", bgr, card.order() == ChannelOrder.BGR, weights);
    agree("filter", filter, card.filter(), weights);
    agree("divisor", divisor, card.divisor(), weights);
    agree("mean", mean, card.mean(), weights);
    agree("std", std, card.std(), weights);
    return new DataConfig(
        path,
        layout,
        sets,
        curation,
        columns,
        rows,
        card.order() == ChannelOrder.GREY,
        card.order() == ChannelOrder.BGR,
        fit == null ? card.fit().label() : fit,
        card.filter(),
        card.divisor(),
        card.mean(),
        card.std(),
        mirror,
        shift,
        augmentation,
        limit,
        validation);
  }

  private static void agree(String key, Object told, Object card, String weights) {
    if (told != null && !Objects.equals(told, card)) {
      throw UserError.of("data." + key + " is not what the weights were trained with")
          .at("data." + key)
          .rule("the recipe says " + told + "; " + weights + " needs " + card)
          .mend("leave data." + key + " away: it is filled in");
    }
  }

  /**
   * Opens what is learned from: the data set at the path, or the sets, joined and curated.
   *
   * @param seed of what is drawn in a curation
   * @throws UserError for every mistake in the data, or if it is not there
   */
  public Dataset open(long seed) {
    Dataset all = sets == null ? Datasets.open(Path.of(path), layout) : join(seed);
    return curation == null ? all : curation.of(all, seed);
  }

  /**
   * The data set with the share of its training pictures held out that the recipe asks for, the
   * same ones each time.
   *
   * @param all what {@link #open} gives
   * @param seed of the run
   * @throws UserError if it has validation pictures of its own
   */
  public Dataset heldOut(Dataset all, long seed) {
    if (validation == 0) {
      return all;
    }
    if (all.indices(Split.VALIDATION).length > 0) {
      throw UserError.of("the data set has validation pictures of its own")
          .at("data.validation: " + validation)
          .mend("leave data.validation away");
    }
    Split from = all.indices(Split.TRAIN).length > 0 ? Split.TRAIN : Split.ALL;
    return Datasets.move(all, from, Split.VALIDATION, validation, seed);
  }

  private Dataset join(long seed) {
    Map<String, Dataset> joined = new LinkedHashMap<>();
    for (SetConfig set : sets) {
      Dataset opened = Datasets.open(set.place(path), set.layout());
      Dataset used = set.curation() == null ? opened : set.curation().of(opened, seed);
      if (joined.put(set.named(path), used) != null) {
        throw UserError.of("two sets are named " + set.named(path))
            .at("data.sets")
            .rule("classes are named after their set")
            .mend("leave one of them out, or give each a name: {name: …, layout: …, root: …}");
      }
    }
    return Datasets.join(joined);
  }

  /** The same with absolute places. */
  DataConfig absolute() {
    return withPath(RunConfig.absolute(path == null && sets != null ? "" : path));
  }

  /** The same without places of this machine. */
  DataConfig withoutPlaces() {
    List<SetConfig> placeless =
        sets == null ? null : sets.stream().map(SetConfig::withoutPlace).toList();
    return with(null, placeless, curation);
  }

  /** Whether a training picture is not the same each time. */
  boolean augments() {
    return mirror || shift > 0 || !augmentation.isEmpty();
  }

  /** The same with another place. */
  public DataConfig withPath(String other) {
    return with(other, sets, curation);
  }

  /** The same with another curation. */
  public DataConfig withCuration(Curation other) {
    return with(path, sets, other);
  }

  private DataConfig with(String place, List<SetConfig> parts, Curation chosen) {
    return new DataConfig(
        place,
        layout,
        parts,
        chosen,
        width,
        height,
        grey,
        bgr,
        fit,
        filter,
        divisor,
        mean,
        std,
        mirror,
        shift,
        augmentation,
        limit,
        validation);
  }
}
