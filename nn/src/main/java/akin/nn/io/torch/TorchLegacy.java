package akin.nn.io.torch;

import akin.nn.io.ByteSource;
import akin.nn.io.Growth;
import akin.nn.io.WeightFile;
import akin.tensor.UserError;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checkpoint that PyTorch wrote before 1.6: pickles and storages one after the other.
 *
 * <pre>
 * pickle   the magic number 0x1950a86a20f9469cfc6c
 * pickle   the version 1001
 * pickle   {"little_endian": True, …}
 * pickle   the object that was saved; tensors name their storages
 * pickle   the storages' keys, in the order of what follows
 * per key  8 bytes: number of elements; then their bytes
 * </pre>
 */
public final class TorchLegacy {
  /** The first bytes of such a file as ISO 8859-1: a pickle of the magic number. */
  public static final String BEGIN = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final Long VERSION = 1001L;

  private final Path file;
  private final ByteSource source;
  private final long size;
  private long position;

  private TorchLegacy(Path file, ByteSource source, long size) {
    this.file = file;
    this.source = source;
    this.size = size;
  }

  /**
   * Reads a checkpoint's pickles.
   *
   * @param source the file's bytes
   * @param size how many they are
   * @param closing what to do when the result is closed
   * @throws UserError if it is damaged, or made of more than tensors and plain values
   */
  public static WeightFile open(Path file, ByteSource source, long size, Runnable closing) {
    return new TorchLegacy(file, source, size).read(closing);
  }

  private WeightFile read(Runnable closing) {
    require(MAGIC.equals(pickle(new TorchObjects())), "it begins with its magic number");
    require(VERSION.equals(pickle(new TorchObjects())), "its version is " + VERSION);
    require(
        pickle(new TorchObjects()) instanceof Pickle.Dict machine
            && Boolean.TRUE.equals(machine.items().get("little_endian")),
        "it was saved on a little-endian machine");
    TorchObjects objects = new TorchObjects();
    long begin = position;
    Object root = pickle(objects);
    TorchTree tree = TorchTree.of(file, root, position - begin);
    Object keys = pickle(new TorchObjects());
    require(keys instanceof Pickle.Items, "the storages' keys are a list");
    Map<String, TorchCheckpoint.Place> places =
        places(((Pickle.Items) keys).items(), objects.storages());
    return new TorchCheckpoint(
        file, "PyTorch checkpoint (legacy)", tree, places, Growth.of(file, size), closing);
  }

  private Object pickle(TorchObjects objects) {
    PickleInput in = new PickleInput(file, source, position, size);
    Object value = Pickle.read(in, objects);
    position = in.position();
    return value;
  }

  /** Where each storage's bytes lie. */
  private Map<String, TorchCheckpoint.Place> places(
      List<Object> keys, Map<String, TorchStorage> storages) {
    Map<String, TorchCheckpoint.Place> places = new HashMap<>();
    for (Object key : keys) {
      TorchStorage storage = key instanceof String name ? storages.get(name) : null;
      require(storage != null && !places.containsKey(key), "a key names a storage, once");
      require(size - position >= Long.BYTES, "it does not end before storage '" + key + "'");
      ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      source.read(count, position);
      position += Long.BYTES;
      require(
          count.getLong(0) == storage.count(),
          "storage '%s' has %d elements; found %d"
              .formatted(key, storage.count(), count.getLong(0)));
      require(
          storage.count() <= (size - position) / storage.type().bytes(),
          "storage '%s' has %d elements of %s; %d bytes are left"
              .formatted(key, storage.count(), storage.type(), size - position));
      places.put(storage.key(), new TorchCheckpoint.Place(source, position));
      position += storage.count() * storage.type().bytes();
    }
    for (String key : storages.keySet()) {
      require(places.containsKey(key), "storage '" + key + "' is listed");
    }
    require(position == size, "it ends with its last storage");
    return places;
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw UserError.of("not a valid PyTorch checkpoint")
          .at(file)
          .rule(TorchObjects.printable(rule))
          .mend("copy or make it again");
    }
  }
}
