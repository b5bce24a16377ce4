package akin.retrieval.data;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes a data set smaller and more even: first classes with few training pictures are dropped,
 * then some of the others are drawn, then classes with many training pictures lose some. Counted
 * and dropped are training pictures (all, where the data set names none for training); of a dropped
 * class the validation pictures go, too. Test pictures, and classes that nothing is trained on,
 * stay. Classes that are left are numbered anew, in the same order.
 *
 * <p>What is drawn depends on the seed and on the classes' names alone, and each class draws for
 * itself: another class more or less changes nothing in it.
 *
 * @param minPerClass the fewest training pictures of a class; 1 keeps all classes
 * @param maxPerClass the most training pictures of a class; 0 for all
 * @param classes the most classes; 0 for all
 */
public record Curation(Integer minPerClass, Integer maxPerClass, Integer classes) {
  /** Fills in what keeps everything, and checks the rest. */
  public Curation {
    minPerClass = minPerClass == null ? 1 : minPerClass;
    maxPerClass = maxPerClass == null ? 0 : maxPerClass;
    classes = classes == null ? 0 : classes;
    check("minPerClass", minPerClass, 1);
    check("maxPerClass", maxPerClass, 0);
    check("classes", classes, 0);
    if (maxPerClass > 0 && maxPerClass < minPerClass) {
      throw new IllegalArgumentException(
          "maxPerClass must be at least minPerClass, " + minPerClass + "; it is " + maxPerClass);
    }
  }

  private static void check(String key, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(key + " must be at least " + least + "; it is " + value);
    }
  }

  /**
   * The data set that is left; its last note tells how much.
   *
   * @throws UserError if the data set has no classes, or nothing to train on is left
   */
  public Dataset of(Dataset whole, long seed) {
    if (whole.classNames().isEmpty()) {
      throw UserError.of("the data set has no classes")
          .at(whole.name())
          .rule("curation counts the pictures of classes")
          .mend("leave the curation away");
    }
    Split training = whole.indices(Split.TRAIN).length > 0 ? Split.TRAIN : Split.ALL;
    List<List<Integer>> members = new ArrayList<>();
    whole.classNames().forEach(name -> members.add(new ArrayList<>()));
    for (int i : whole.indices(training)) {
      if (whole.label(i) >= 0) {
        members.get(whole.label(i)).add(i);
      }
    }
    int[] trained = where(members, 1);
    int[] common = where(members, minPerClass);
    int[] drawn = draw(common, seed);
    boolean[] dropped = new boolean[members.size()];
    IntStream.of(trained).forEach(c -> dropped[c] = true);
    IntStream.of(drawn).forEach(c -> dropped[c] = false);
    boolean[] gone = new boolean[whole.size()];
    for (int i = 0; i < gone.length; i++) {
      boolean test = training == Split.TRAIN && whole.split(i) == Split.TEST;
      gone[i] = !test && whole.label(i) >= 0 && dropped[whole.label(i)];
    }
    int capped = 0;
    RandomStream samples = RandomStream.of(seed, "curation/samples");
    for (int c : drawn) {
      List<Integer> pictures = members.get(c);
      if (maxPerClass > 0 && pictures.size() > maxPerClass) {
        int[] order = samples.child(whole.classNames().get(c)).permutation(pictures.size());
        for (int k = maxPerClass; k < order.length; k++) {
          gone[pictures.get(order[k])] = true;
          capped++;
        }
      }
    }
    int before = count(members, trained);
    int after = count(members, drawn) - capped;
    if (after == 0) {
      throw UserError.of("the curation leaves nothing to train on")
          .at(whole.name())
          .rule(
              "%d classes have training pictures, none has %d"
                  .formatted(trained.length, minPerClass))
          .mend("choose a smaller minPerClass");
    }
    String note =
        "curation: %d of %d training pictures, %d of %d classes; %d rare classes and %d not drawn left out, %d pictures above the most"
            .formatted(
                after,
                before,
                drawn.length,
                trained.length,
                trained.length - common.length,
                common.length - drawn.length,
                capped);
    int[] kept = IntStream.range(0, gone.length).filter(i -> !gone[i]).toArray();
    return RenumberedClasses.of(whole.subset(kept), note);
  }

  private static int[] where(List<List<Integer>> members, int least) {
    return IntStream.range(0, members.size()).filter(c -> members.get(c).size() >= least).toArray();
  }

  private static int count(List<List<Integer>> members, int[] classes) {
    return IntStream.of(classes).map(c -> members.get(c).size()).sum();
  }

  private int[] draw(int[] common, long seed) {
    if (classes == 0 || classes >= common.length) {
      return common;
    }
    int[] order = RandomStream.of(seed, "curation/classes").permutation(common.length);
    return Arrays.stream(order).limit(classes).map(k -> common[k]).sorted().toArray();
  }
}
