package akin.retrieval.data;

import java.util.Optional;

/** Some pictures of a data set, renumbered. */
final class Subset extends DatasetView {
  private final int[] pictures;
  private final Optional<Attributes> attributes;

  Subset(Dataset source, int[] pictures) {
    super(source);
    this.pictures = pictures.clone();
    this.attributes = source.attributes().map(all -> all.select(this.pictures));
  }

  @Override
  public Optional<Features> features() {
    return source.features().map(all -> all.select(pictures));
  }

  @Override
  public Optional<Roles> roles() {
    return source.roles().map(all -> all.select(pictures));
  }

  @Override
  public Optional<Groups> groups(Grouping by) {
    return source.groups(by).map(all -> all.select(pictures));
  }

  @Override
  int inSource(int i) {
    return pictures[i];
  }

  @Override
  public int size() {
    return pictures.length;
  }

  @Override
  public Optional<Attributes> attributes() {
    return attributes;
  }
}
