package akin.retrieval.data;

import akin.tensor.UserError;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A data set whose pictures are files, decoded each time they are asked for. The readers of lists
 * and folders all end here.
 */
final class ImageFiles implements Dataset {
  private final String name;
  private final Path folder;
  private final List<String> ids;
  private final Split[] splits;
  private final int[] labels;
  private final List<String> classNames;
  private final Optional<Attributes> attributes;

  /**
   * Keeps the arrays.
   *
   * @param folder what the ids are relative to
   * @param labels −1 where there is none
   */
  ImageFiles(
      String name,
      Path folder,
      List<String> ids,
      Split[] splits,
      int[] labels,
      List<String> classNames,
      Optional<Attributes> attributes) {
    this.name = name;
    this.folder = folder;
    this.ids = List.copyOf(ids);
    this.splits = splits;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
    this.attributes = attributes;
    if (ids.isEmpty()) {
      throw UserError.of("the data set holds no picture").at(name);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return ids.size();
  }

  @Override
  public String id(int i) {
    return ids.get(i);
  }

  @Override
  public Split split(int i) {
    return splits[i];
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public Optional<Attributes> attributes() {
    return attributes;
  }

  @Override
  public Image image(int i) {
    return Image.decode(folder.resolve(ids.get(i)));
  }

  @Override
  public Optional<Path> file(int i) {
    return Optional.of(folder.resolve(ids.get(i)));
  }

  /** Size and time of the last change; a file that is missing is told when it is read. */
  @Override
  public String stamp(int i) {
    File file = folder.resolve(ids.get(i)).toFile();
    return file.length() + " " + file.lastModified();
  }
}
