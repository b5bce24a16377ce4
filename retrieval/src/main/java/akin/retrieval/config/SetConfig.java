package akin.retrieval.config;

import akin.retrieval.data.Curation;
import akin.retrieval.data.Datasets.Layout;
import java.nio.file.Path;

/**
 * One of several data sets that are joined.
 *
 * @param name what its classes are named after, {@code name/class}; the layout's or the folder's
 *     name without
 * @param layout of the set on disk; auto finds out
 * @param root the set's place; relative to data.path, or data.path itself without
 * @param curation what of it is used; all without
 */
public record SetConfig(String name, Layout layout, String root, Curation curation) {
  /** Checks the name. */
  public SetConfig {
    layout = layout == null ? Layout.AUTO : layout;
    if (name != null && (name.isBlank() || name.contains("/"))) {
      throw new IllegalArgumentException("name must be a word without '/'; it is '" + name + "'");
    }
  }

  /** Where the set lies. */
  Path place(String path) {
    Path base = Path.of(path == null ? "" : path);
    return root == null ? base : base.resolve(root);
  }

  /** What its classes are named after. */
  String named(String path) {
    if (name != null) {
      return name;
    }
    return switch (layout) {
      case AUTO, FOLDER, CSV, FEATURES, IDX, CELEBA ->
          place(path).toAbsolutePath().normalize().getFileName().toString();
      default -> layout.label();
    };
  }

  /** The same without a place of this machine. */
  SetConfig withoutPlace() {
    return root != null && Path.of(root).isAbsolute()
        ? new SetConfig(name, layout, null, curation)
        : this;
  }
}
