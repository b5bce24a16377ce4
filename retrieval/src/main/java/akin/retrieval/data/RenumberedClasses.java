package akin.retrieval.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A data set without the classes that none of its pictures has. */
final class RenumberedClasses extends DatasetView {
  private final int[] number;
  private final List<String> names;
  private final List<String> notes;

  private RenumberedClasses(Dataset source, int[] number, List<String> names, List<String> notes) {
    super(source);
    this.number = number;
    this.names = List.copyOf(names);
    this.notes = List.copyOf(notes);
  }

  /** Numbers the classes that are left from 0, in the same order. */
  static Dataset of(Dataset source, String note) {
    int[] number = new int[source.classNames().size()];
    Arrays.fill(number, -1);
    for (int i = 0; i < source.size(); i++) {
      if (source.label(i) >= 0) {
        number[source.label(i)] = 0;
      }
    }
    List<String> names = new ArrayList<>();
    for (int c = 0; c < number.length; c++) {
      if (number[c] == 0) {
        number[c] = names.size();
        names.add(source.classNames().get(c));
      }
    }
    List<String> notes = new ArrayList<>(source.notes());
    notes.add(note);
    return new RenumberedClasses(source, number, names, notes);
  }

  @Override
  public int label(int i) {
    int label = source.label(i);
    return label < 0 ? -1 : number[label];
  }

  @Override
  public List<String> classNames() {
    return names;
  }

  @Override
  public List<String> notes() {
    return notes;
  }
}
