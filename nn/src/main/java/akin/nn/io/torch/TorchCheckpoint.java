package akin.nn.io.torch;

import akin.nn.io.ByteSource;
import akin.nn.io.Elements;
import akin.nn.io.Growth;
import akin.nn.io.StoredArray;
import akin.nn.io.WeightFile;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A PyTorch checkpoint whose pickle has been read; the storages are read when asked for. */
final class TorchCheckpoint implements WeightFile {
  /** Where the bytes of a storage lie. */
  record Place(ByteSource source, long begin) {}

  private final Path file;
  private final String format;
  private final Map<String, String> scalars;
  private final Runnable closing;
  private final Map<String, StoredArray> entries = new LinkedHashMap<>();

  /**
   * A checkpoint.
   *
   * @param places where the bytes of each storage lie, by key; long enough, as has been checked
   * @param growth bounds the memory that all arrays may take
   * @param closing what to do when the file is closed
   */
  TorchCheckpoint(
      Path file,
      String format,
      TorchTree tree,
      Map<String, Place> places,
      Growth growth,
      Runnable closing) {
    this.file = file;
    this.format = format;
    this.scalars = tree.scalars();
    this.closing = closing;
    for (Map.Entry<String, TorchTree.Leaf> named : tree.tensors().entrySet()) {
      TorchTensor tensor = named.getValue().tensor();
      TorchStorage storage = tensor.storage();
      Place place = places.get(storage.key());
      long first = storage.begin() + tensor.offset();
      Elements elements =
          new Elements(
              file,
              named.getKey(),
              storage.type(),
              ByteOrder.LITTLE_ENDIAN,
              place.source(),
              place.begin() + first * storage.type().bytes(),
              tensor.span());
      entries.put(
          named.getKey(),
          new StoredArray(
              named.getKey(), named.getValue().nest(), elements, tensor.shape(), tensor.strides()));
    }
    growth.check(entries.values());
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(scalars);
  }

  @Override
  public void close() {
    closing.run();
  }
}
