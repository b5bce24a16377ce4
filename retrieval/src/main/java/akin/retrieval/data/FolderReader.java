package akin.retrieval.data;

import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a folder per class: {@code DIR/class/picture.jpg}. If the first level is named {@code
 * train}, {@code val} or {@code validation}, {@code test} (only such names), it is the split, and
 * the classes lie one level deeper. Classes are numbered by name (by value if all are whole
 * numbers) over all splits; pictures are sorted by path. Only {@code .jpg}, {@code .jpeg} and
 * {@code .png} files count.
 */
final class FolderReader {
  private FolderReader() {}

  /** Whether a sub-folder, or one of its sub-folders, holds a picture. */
  static boolean fits(Path folder) {
    return Files.isDirectory(folder)
        && folders(folder).stream()
            .anyMatch(
                inner ->
                    holdsPicture(inner)
                        || folders(inner).stream().anyMatch(FolderReader::holdsPicture));
  }

  static Dataset read(Path folder) {
    List<Path> first = folders(folder);
    boolean split =
        !first.isEmpty() && first.stream().allMatch(f -> Split.named(name(f)).isPresent());
    List<Path> classFolders =
        split ? first.stream().flatMap(f -> folders(f).stream()).toList() : first;
    List<String> ids = new ArrayList<>();
    List<Split> splits = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    for (Path classFolder : classFolders) {
      Split part = split ? Split.named(name(classFolder.getParent())).get() : Split.ALL;
      for (Path file : Folders.list(classFolder)) {
        if (Folders.isPicture(file)) {
          ids.add(folder.relativize(file).toString().replace('\\', '/'));
          splits.add(part);
          classes.add(name(classFolder));
        }
      }
    }
    if (ids.isEmpty()) {
      throw UserError.of("no pictures in class folders")
          .at(folder)
          .rule("DIR/class/picture.jpg or DIR/train/class/picture.jpg");
    }
    Classes numbered = Classes.of(classes);
    return new ImageFiles(
        folder.toString(),
        folder,
        ids,
        splits.toArray(new Split[0]),
        numbered.labels(),
        numbered.names(),
        Optional.empty());
  }

  private static List<Path> folders(Path folder) {
    return Folders.list(folder).stream().filter(Files::isDirectory).toList();
  }

  private static boolean holdsPicture(Path folder) {
    return Folders.list(folder).stream().anyMatch(Folders::isPicture);
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
