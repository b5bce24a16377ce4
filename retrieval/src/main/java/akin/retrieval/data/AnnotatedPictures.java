package akin.retrieval.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pictures with all that a list says of them. */
final class AnnotatedPictures extends DatasetView {
  private final List<String> ids;
  private final Optional<Roles> roles;
  private final Map<Grouping, Groups> groups;
  private final List<String> notes;

  /** Adds what is known of each picture, a row each, and how the list was read. */
  AnnotatedPictures(
      Dataset source,
      List<String> ids,
      Optional<Roles> roles,
      Map<Grouping, Groups> groups,
      List<String> notes) {
    super(source);
    this.ids = List.copyOf(ids);
    this.roles = roles;
    this.groups = Map.copyOf(groups);
    this.notes = new ArrayList<>(source.notes());
    this.notes.addAll(notes);
  }

  @Override
  public String id(int i) {
    return ids.get(i);
  }

  @Override
  public Optional<Roles> roles() {
    return roles;
  }

  @Override
  public Optional<Groups> groups(Grouping by) {
    return Optional.ofNullable(groups.get(by));
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
