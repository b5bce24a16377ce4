package akin.nn.io.torch;

import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors and scalars in a checkpoint's nested dictionaries and lists, by their full names.
 *
 * <p>A hostile checkpoint may contain itself, or ten times something that contains ten times … So
 * the depth is bounded, and the steps and letters of names by the length of the pickle.
 */
final class TorchTree {
  /** A tensor and the dictionary it lies in. */
  record Leaf(String nest, TorchTensor tensor) {}

  private static final int DEEPEST = 32;
  private static final int LONGEST_NAME = 1024;
  private static final int LONGEST_TEXT = 4096;
  private static final long LETTERS_PER_BYTE = 16;

  private final Path file;
  private final Map<String, Leaf> tensors = new LinkedHashMap<>();
  private final Map<String, String> scalars = new LinkedHashMap<>();
  private long letters; // still allowed

  private TorchTree(Path file, long pickleBytes) {
    this.file = file;
    this.letters = LETTERS_PER_BYTE * pickleBytes + 65_536;
  }

  /** Walks what a pickle of so many bytes held. */
  static TorchTree of(Path file, Object root, long pickleBytes) {
    TorchTree tree = new TorchTree(file, pickleBytes);
    tree.walk("", "", root, 0);
    return tree;
  }

  Map<String, Leaf> tensors() {
    return tensors;
  }

  Map<String, String> scalars() {
    return scalars;
  }

  private void walk(String nest, String name, Object value, int depth) {
    letters -= 8 + name.length();
    if (depth > DEEPEST || name.length() > LONGEST_NAME || letters < 0) {
      throw UserError.of("the checkpoint's dictionaries are nested without end")
          .at(file)
          .rule(
              "at most %d deep, with names of at most %d letters; found '%s'"
                  .formatted(DEEPEST, LONGEST_NAME, TorchObjects.printable(name)))
          .mend("such a file is damaged, or made to hurt");
    }
    if (value instanceof TorchTensor tensor) {
      Leaf leaf = new Leaf(nest, tensor);
      if (tensors.put(name.isEmpty() ? "tensor" : name, leaf) != null) {
        throw UserError.of("two arrays of the checkpoint have one name")
            .at(file)
            .rule("found '" + TorchObjects.printable(name) + "' twice");
      }
    } else if (value instanceof Pickle.Dict dict) {
      dict.items().forEach((key, item) -> walk(name, join(name, key), item, depth + 1));
    } else if (value instanceof Pickle.Items list) {
      walkAll(name, list.items(), depth);
    } else if (value instanceof Pickle.Tuple tuple) {
      walkAll(name, tuple.items(), depth);
    } else if (!name.isEmpty() && isScalar(value)) {
      letters -= value.toString().length();
      scalars.putIfAbsent(name, value.toString());
    }
  }

  private void walkAll(String name, List<Object> items, int depth) {
    letters -= items.size(); // numbers in lists, such as those of an optimiser's parameters, go by
    for (int i = 0; i < items.size(); i++) {
      if (!isScalar(items.get(i))) {
        walk(name, join(name, Integer.toString(i)), items.get(i), depth + 1);
      }
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static boolean isScalar(Object value) {
    return value instanceof Number
        || value instanceof Boolean
        || value instanceof String text && text.length() <= LONGEST_TEXT;
  }
}
