package akin.retrieval.train;

import akin.retrieval.data.Dataset;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The classes of the training pictures, numbered anew from 0 in the data set's order: a class that
 * no training picture has gets no number.
 */
final class TrainingClasses {
  private final int[] pictures; // of each class of the data set
  private final int[] numbers; // of each class of the data set; −1 for none

  TrainingClasses(Dataset trainSet) {
    pictures = new int[trainSet.classNames().size()];
    IntStream.of(labels(trainSet)).filter(label -> label >= 0).forEach(label -> pictures[label]++);
    numbers = new int[pictures.length];
    int next = 0;
    for (int label = 0; label < numbers.length; label++) {
      numbers[label] = pictures[label] == 0 ? -1 : next++;
    }
  }

  /** The classes' pictures, by number. */
  int[] counts() {
    return Arrays.stream(pictures).filter(n -> n > 0).toArray();
  }

  /** The number of each picture's class; −1 where it has none that was trained. */
  int[] of(Dataset set) {
    return IntStream.of(labels(set)).map(label -> label < 0 ? -1 : numbers[label]).toArray();
  }

  /** The data set's own label of each picture; −1 where it has none. */
  static int[] labels(Dataset set) {
    return IntStream.range(0, set.size()).map(set::label).toArray();
  }
}
