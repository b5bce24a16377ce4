package akin.retrieval.data;

import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A numbered list of pictures with what is known about each. Implementations are immutable and may
 * be asked from several threads at once.
 */
public interface Dataset {
  /** Where it came from, for messages. */
  String name();

  /** How many pictures there are; they are numbered from 0. */
  int size();

  /** The picture's name, different for each: its file's name or path, or {@code test/42}. */
  String id(int i);

  /** The part that the picture belongs to; {@link Split#ALL} if the data set does not say. */
  Split split(int i);

  /** The picture's class, an index into {@link #classNames}; −1 if it has none. */
  int label(int i);

  /** The classes' names; empty if there are no classes. */
  List<String> classNames();

  /** The attributes of all pictures, row i for picture i; empty if the data set has none. */
  Optional<Attributes> attributes();

  /** Who asks and who answers in an evaluation; empty: every picture asks all others. */
  default Optional<Roles> roles() {
    return Optional.empty();
  }

  /** The pictures' groups, row i for picture i; empty if the data set does not say. */
  default Optional<Groups> groups(Grouping by) {
    return Optional.empty();
  }

  /** What was done on the way here, such as pictures left out: lines for a log. */
  default List<String> notes() {
    return List.of();
  }

  /** The picture's file, if it has one of its own. */
  default Optional<Path> file(int i) {
    return Optional.empty();
  }

  /** The part of the file's picture that is meant; empty for the whole. */
  default Optional<Box> box(int i) {
    return Optional.empty();
  }

  /**
   * The picture, decoded, in its own size.
   *
   * @throws UserError if its file is missing or damaged
   */
  Image image(int i);

  /**
   * A text that changes when the picture's file does, such as its size and time; empty where that
   * cannot be told without reading it.
   */
  default String stamp(int i) {
    return "";
  }

  /** Whether {@link #image} can show pictures: features know only where their pictures lay. */
  default boolean showsPictures() {
    return true;
  }

  /** What a backbone made of the pictures, where that is all there is; else empty. */
  default Optional<Features> features() {
    return Optional.empty();
  }

  /**
   * Prepares the picture and writes it as numbers, channel by channel: {@code
   * preprocessing.length()} of them from {@code out[offset]}, in the order [C, H, W].
   */
  default void load(int i, Preprocessing preprocessing, float[] out, int offset) {
    preprocessing.normalize(shaped(i, preprocessing), out, offset);
  }

  /**
   * The picture in the size and the channels of an input, still bytes.
   *
   * @throws UserError if its file is missing or damaged, or its shape cannot be had
   */
  default Image shaped(int i, Preprocessing preprocessing) {
    Image image = image(i);
    try {
      return preprocessing.shape(image);
    } catch (UserError e) {
      throw e.at(id(i));
    }
  }

  /** The numbers of the pictures in a split, ascending. */
  default int[] indices(Split split) {
    return IntStream.range(0, size())
        .filter(i -> split == Split.ALL || split(i) == split)
        .toArray();
  }

  /** The given pictures as a data set of their own: its picture i is {@code pictures[i]} here. */
  default Dataset subset(int... pictures) {
    return new Subset(this, pictures);
  }

  /** The pictures of one split. */
  default Dataset subset(Split split) {
    return split == Split.ALL ? this : subset(indices(split));
  }

  /**
   * The same data set with all pictures decoded and shaped now and kept in memory as bytes, {@code
   * size() * preprocessing.length()} of them. Loading with that preprocessing (or one that differs
   * only in the normalisation) then costs no decoding; any other falls back to the files. Bytes and
   * order do not depend on the number of threads.
   *
   * @param progress told after each picture how many are done, from any thread
   * @throws UserError if a file is missing or damaged: always the first such picture
   */
  default Dataset cached(Preprocessing preprocessing, int threads, IntConsumer progress) {
    return new CachedDataset(this, preprocessing, threads, progress);
  }
}
