package akin.nn.io.torch;

import akin.nn.io.Archive;
import akin.nn.io.ByteSource;
import akin.nn.io.Growth;
import akin.nn.io.WeightFile;
import akin.tensor.UserError;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checkpoint that PyTorch writes since 1.6: a zip archive, not compressed.
 *
 * <pre>
 * NAME/data.pkl    a pickle of the object that was saved; tensors name their storages
 * NAME/data/0 …    the storages' bytes
 * NAME/byteorder   "little" (since 2.0)
 * </pre>
 */
public final class TorchArchive {
  private static final String PICKLE = "data.pkl";

  private TorchArchive() {}

  /** Whether an archive is such a checkpoint, or a program of TorchScript, which has one inside. */
  public static boolean is(Archive archive) {
    return archive.names().stream().anyMatch(TorchArchive::isPickle);
  }

  private static boolean isPickle(String name) {
    int slash = name.indexOf('/');
    return name.substring(slash + 1).equals(PICKLE);
  }

  /**
   * Reads a checkpoint's pickle; the archive is closed with the result.
   *
   * @throws UserError if it is damaged, or made of more than tensors and plain values
   */
  public static WeightFile open(Archive archive, long fileBytes) {
    List<String> pickles = archive.names().stream().filter(TorchArchive::isPickle).toList();
    if (pickles.size() != 1) {
      throw refuse(archive, "one entry is " + PICKLE + "; found " + pickles.size());
    }
    String pickle = pickles.get(0);
    String folder = pickle.substring(0, pickle.length() - PICKLE.length());
    if (archive.size(folder + "constants.pkl") >= 0) {
      throw refuse(archive, "it is a program (TorchScript), not a state dict")
          .mend("in Python: torch.save(torch.jit.load(FILE).state_dict(), 'weights.pth')");
    }
    checkByteOrder(archive, folder + "byteorder");
    checkStored(archive, pickle);
    long bytes = archive.size(pickle);
    TorchObjects objects = new TorchObjects();
    PickleInput in =
        new PickleInput(archive.file(), ByteSource.of(archive.bytes(pickle)), 0, bytes);
    TorchTree tree = TorchTree.of(archive.file(), Pickle.read(in, objects), bytes);
    Map<String, TorchCheckpoint.Place> places = new HashMap<>();
    objects
        .storages()
        .forEach(
            (key, storage) -> {
              String name = folder + "data/" + key;
              checkStorage(archive, name, storage);
              places.put(key, new TorchCheckpoint.Place(archive.source(name), 0));
            });
    return new TorchCheckpoint(
        archive.file(),
        "PyTorch checkpoint (zip)",
        tree,
        places,
        Growth.of(archive.file(), fileBytes),
        archive::close);
  }

  private static void checkByteOrder(Archive archive, String name) {
    long size = archive.size(name);
    if (size < 0) {
      return;
    }
    if (size > 16 || !new String(archive.bytes(name), StandardCharsets.US_ASCII).equals("little")) {
      throw refuse(archive, "the byte order is little; this one was saved on a big-endian machine")
          .mend("save it again on another machine");
    }
  }

  private static void checkStorage(Archive archive, String name, TorchStorage storage) {
    long size = archive.size(name);
    if (size < 0) {
      throw refuse(archive, "storage '" + TorchObjects.printable(name) + "' is in the archive");
    }
    if (storage.count() > size / storage.type().bytes()) {
      throw refuse(
          archive,
          "storage '%s' has %d elements of %s; its bytes are %d"
              .formatted(TorchObjects.printable(name), storage.count(), storage.type(), size));
    }
    checkStored(archive, name);
  }

  private static void checkStored(Archive archive, String name) {
    if (!archive.isStored(name)) {
      throw refuse(archive, "entries are not compressed; '" + TorchObjects.printable(name) + "' is")
          .mend("make the archive again without compression");
    }
  }

  private static UserError refuse(Archive archive, String rule) {
    return UserError.of("not a valid PyTorch checkpoint").at(archive.file()).rule(rule);
  }
}
