package akin.retrieval.data;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Struct;

/**
 * Reads Cars-196: {@code cars_annos.mat} (MATLAB 5, maybe compressed) with
 *
 * <ul>
 *   <li>{@code annotations}: for each picture {@code relative_im_path}, the box {@code bbox_x1},
 *       {@code bbox_y1}, {@code bbox_x2}, {@code bbox_y2} (columns and rows from 1, both ends
 *       inside), {@code class} from 1; its flag {@code test} is of the classifier's split and is
 *       passed over;
 *   <li>{@code class_names}: a name for each class.
 * </ul>
 *
 * The split is that of retrieval, by class: the first half of the classes (98 of 196) trains, the
 * other half, never seen, is TEST. (The seed system took 99 and 97, so its figures compare with
 * nobody's.)
 *
 * <p>Source: Krause et al., "3D object representations for fine-grained categorization", 2013.
 */
final class CarsReader {
  static final String LIST = "cars_annos.mat";
  private static final String ORIGINAL = "use the cars_annos.mat that comes with Cars-196";
  private static final List<String> FIELDS =
      List.of("relative_im_path", "bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class");

  private CarsReader() {}

  static boolean fits(Path folder) {
    return Files.isRegularFile(folder.resolve(LIST));
  }

  /** A picture of the list, and the box of its car. */
  private record Car(String path, int left, int top, int right, int bottom, int label) {
    Box box() {
      return new Box(left - 1, top - 1, right, bottom);
    }
  }

  /**
   * @param boxes whether pictures are cut to the boxes of their cars
   */
  static Dataset read(Path folder, boolean boxes) {
    Path file = folder.resolve(LIST);
    List<String> names = new ArrayList<>();
    List<Car> cars = new ArrayList<>();
    try (Source source = open(file);
        MatFile mat = new SmallMatReader(source).readMat()) {
      Cell classes = mat.getCell("class_names");
      for (int i = 0; i < classes.getNumElements(); i++) {
        names.add(classes.getChar(i).getString());
      }
      Struct annotations = mat.getStruct("annotations");
      for (String field : FIELDS) {
        if (!annotations.getFieldNames().contains(field)) {
          throw UserError.of("annotations have no field " + field)
              .at(file)
              .rule("fields " + String.join(", ", FIELDS))
              .mend(ORIGINAL);
        }
      }
      for (int i = 0; i < annotations.getNumElements(); i++) {
        cars.add(car(annotations, i));
      }
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | BufferUnderflowException e) {
      throw UserError.of("not the list of Cars-196")
          .at(file)
          .rule(
              "a whole MATLAB 5 file with the struct annotations and the cell class_names, of at most "
                  + SmallMatReader.LARGEST
                  + " values each")
          .mend(ORIGINAL)
          .because(e);
    }
    check(file, folder, cars, names.size());
    Dataset whole = pictures(folder, cars, names);
    return boxes
        ? new BoxedPictures(whole, cars.stream().map(car -> Optional.of(car.box())).toList())
        : whole;
  }

  private static Source open(Path file) throws IOException {
    if (Files.size(file) > MatSizes.LARGEST) {
      throw new IOException("larger than any list of Cars-196");
    }
    byte[] bytes = Files.readAllBytes(file);
    MatSizes.check(bytes);
    return Sources.wrap(bytes);
  }

  private static Car car(Struct all, int i) {
    return new Car(
        all.getChar("relative_im_path", i).getString(),
        all.getMatrix("bbox_x1", i).getInt(0),
        all.getMatrix("bbox_y1", i).getInt(0),
        all.getMatrix("bbox_x2", i).getInt(0),
        all.getMatrix("bbox_y2", i).getInt(0),
        all.getMatrix("class", i).getInt(0) - 1);
  }

  private static void check(Path file, Path folder, List<Car> cars, int classes) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < cars.size(); i++) {
      Car car = cars.get(i);
      String where = "annotation " + (i + 1) + " (" + car.path + ")";
      if (car.label < 0 || car.label >= classes) {
        throw UserError.of(where + " is of class " + (car.label + 1))
            .at(file)
            .rule("classes are from 1 to " + classes + ", the number of class_names")
            .mend(ORIGINAL);
      }
      if (car.left < 1 || car.top < 1 || car.right < car.left || car.bottom < car.top) {
        throw UserError.of(where + " has no box")
            .at(file)
            .rule(
                "1 ≤ x1 ≤ x2 and 1 ≤ y1 ≤ y2; found x %d to %d, y %d to %d"
                    .formatted(car.left, car.right, car.top, car.bottom))
            .mend(ORIGINAL);
      }
      if (!seen.add(car.path)) {
        throw UserError.of("the picture " + car.path + " is listed twice")
            .at(file)
            .rule("each picture has one annotation")
            .mend(ORIGINAL);
      }
      if (!Files.isRegularFile(folder.resolve(car.path))) {
        throw UserError.of("the picture " + car.path + " is missing")
            .at(file)
            .rule("paths are relative to " + folder)
            .mend("unpack car_ims.tgz beside the list");
      }
    }
  }

  private static Dataset pictures(Path folder, List<Car> cars, List<String> names) {
    Split[] splits = new Split[cars.size()];
    int trained = (names.size() + 1) / 2;
    Arrays.setAll(splits, i -> cars.get(i).label < trained ? Split.TRAIN : Split.TEST);
    return new ImageFiles(
        folder.toString(),
        folder,
        cars.stream().map(Car::path).toList(),
        splits,
        cars.stream().mapToInt(Car::label).toArray(),
        names,
        Optional.empty());
  }
}
