package akin.retrieval.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Another look at a data set: everything is the source's, unless a subclass says otherwise. */
abstract class DatasetView implements Dataset {
  final Dataset source;

  DatasetView(Dataset source) {
    this.source = source;
  }

  /** The number, in the source, of this view's picture i. */
  int inSource(int i) {
    return i;
  }

  @Override
  public String stamp(int i) {
    return source.stamp(inSource(i));
  }

  @Override
  public boolean showsPictures() {
    return source.showsPictures();
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public String id(int i) {
    return source.id(inSource(i));
  }

  @Override
  public Split split(int i) {
    return source.split(inSource(i));
  }

  @Override
  public int label(int i) {
    return source.label(inSource(i));
  }

  @Override
  public List<String> classNames() {
    return source.classNames();
  }

  @Override
  public Optional<Attributes> attributes() {
    return source.attributes();
  }

  @Override
  public Optional<Roles> roles() {
    return source.roles();
  }

  @Override
  public Optional<Groups> groups(Grouping by) {
    return source.groups(by);
  }

  @Override
  public List<String> notes() {
    return source.notes();
  }

  @Override
  public Optional<Path> file(int i) {
    return source.file(inSource(i));
  }

  @Override
  public Optional<Box> box(int i) {
    return source.box(inSource(i));
  }

  @Override
  public Optional<Features> features() {
    return source.features();
  }

  @Override
  public Image image(int i) {
    return source.image(inSource(i));
  }

  @Override
  public void load(int i, Preprocessing preprocessing, float[] out, int offset) {
    source.load(inSource(i), preprocessing, out, offset);
  }
}
