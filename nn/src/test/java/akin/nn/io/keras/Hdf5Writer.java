package akin.nn.io.keras;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes HDF5 files byte for byte as h5py does by default, and so Keras: superblock 0, groups as
 * symbol tables, contiguous data sets.
 */
public final class Hdf5Writer {
  /** A data set of float32 or int64; float32 big-endian if so wished. */
  public record DataSet(Object values, boolean bigEndian, int... shape) {
    /** Little-endian. */
    public static DataSet of(Object values, int... shape) {
      return new DataSet(values, false, shape);
    }
  }

  private static final long NONE = -1;
  private static final int LEAF_K = 4;

  private final ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  private Hdf5Writer() {}

  /** A file of these data sets by their paths. */
  public static byte[] file(Map<String, DataSet> dataSets) {
    Hdf5Writer writer = new Hdf5Writer();
    writer.out.position(96);
    long root = writer.group(new TreeMap<>(dataSets));
    int end = writer.out.position();
    writer.superblock(root, end);
    byte[] bytes = new byte[end];
    writer.out.get(0, bytes);
    return bytes;
  }

  private void superblock(long root, long end) {
    out.position(0);
    out.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'});
    out.put(new byte[] {0, 0, 0, 0, 0, 8, 8, 0});
    out.putShort((short) LEAF_K).putShort((short) 16).putInt(0);
    out.putLong(0).putLong(NONE).putLong(end).putLong(NONE);
    out.putLong(0).putLong(root).putInt(0).putInt(0).putLong(0).putLong(0);
  }

  /** The group of all paths, which are relative to it; gives its header's address. */
  private long group(TreeMap<String, DataSet> paths) {
    Map<String, TreeMap<String, DataSet>> children = new TreeMap<>();
    paths.forEach(
        (path, data) -> {
          int slash = path.indexOf('/');
          children
              .computeIfAbsent(slash < 0 ? path : path.substring(0, slash), n -> new TreeMap<>())
              .put(slash < 0 ? "" : path.substring(slash + 1), data);
        });
    List<String> names = new ArrayList<>(children.keySet());
    List<Long> addresses = new ArrayList<>();
    for (TreeMap<String, DataSet> child : children.values()) {
      addresses.add(child.containsKey("") ? dataSet(child.get("")) : group(child));
    }
    StringBuilder heap = new StringBuilder("\0\0\0\0\0\0\0\0");
    List<Integer> offsets = new ArrayList<>();
    for (String name : names) {
      offsets.add(heap.length());
      heap.append(name).append("\0".repeat(8 - name.length() % 8));
    }
    List<Long> nodes = new ArrayList<>();
    for (int from = 0; from < names.size(); from += 2 * LEAF_K) {
      int to = Math.min(from + 2 * LEAF_K, names.size());
      nodes.add(symbols(offsets.subList(from, to), addresses.subList(from, to)));
    }
    long data = here();
    out.put(heap.toString().getBytes(StandardCharsets.UTF_8));
    long heapAddress = here();
    out.put("HEAP".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    out.putLong(heap.length()).putLong(NONE).putLong(data);
    long tree = tree(nodes);
    long header = here();
    header(1, 24);
    message(0x11, 16).putLong(tree).putLong(heapAddress);
    return header;
  }

  private long symbols(List<Integer> names, List<Long> addresses) {
    long node = here();
    out.put("SNOD".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0);
    out.putShort((short) names.size());
    for (int i = 0; i < names.size(); i++) {
      out.putLong(names.get(i)).putLong(addresses.get(i)).putInt(0).putInt(0);
      out.putLong(0).putLong(0);
    }
    return node;
  }

  private long tree(List<Long> nodes) {
    long tree = here();
    out.put("TREE".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) 0);
    out.putShort((short) nodes.size()).putLong(NONE).putLong(NONE);
    int start = out.position();
    out.putLong(0);
    for (long node : nodes) {
      out.putLong(node).putLong(0);
    }
    out.position(start + 65 * 8); // room for all that a node may have
    return tree;
  }

  private long dataSet(DataSet set) {
    long data = here();
    boolean real = set.values() instanceof float[];
    ByteBuffer bytes = out.slice().order(set.bigEndian() ? ByteOrder.BIG_ENDIAN : out.order());
    int size;
    if (real) {
      bytes.asFloatBuffer().put((float[]) set.values());
      size = 4 * ((float[]) set.values()).length;
    } else {
      bytes.asLongBuffer().put((long[]) set.values());
      size = 8 * ((long[]) set.values()).length;
    }
    out.position(out.position() + size);
    long header = here();
    int space = 8 + 8 * set.shape().length;
    header(3, 8 + space + 8 + 24 + 8 + 24);
    message(1, space).put((byte) 1).put((byte) set.shape().length).putShort((short) 0).putInt(0);
    for (int length : set.shape()) {
      out.putLong(length);
    }
    message(3, 24);
    int order = set.bigEndian() ? 1 : 0;
    if (real) {
      out.put((byte) 0x11).put((byte) (0x20 | order)).put((byte) 31).put((byte) 0).putInt(4);
      out.putShort((short) 0).putShort((short) 32);
      out.put(new byte[] {23, 8, 0, 23}).putInt(127).putInt(0);
    } else {
      out.put((byte) 0x10).put((byte) (0x08 | order)).put((byte) 0).put((byte) 0).putInt(8);
      out.putShort((short) 0).putShort((short) 64).putLong(0).putInt(0);
    }
    message(8, 24).put((byte) 3).put((byte) 1).putLong(data).putLong(size);
    out.putShort((short) 0).putInt(0);
    return header;
  }

  private void header(int messages, int bytes) {
    out.put((byte) 1).put((byte) 0).putShort((short) messages).putInt(1).putInt(bytes).putInt(0);
  }

  private ByteBuffer message(int type, int bytes) {
    return out.putShort((short) type).putShort((short) bytes).putInt(0);
  }

  private long here() {
    out.position((out.position() + 7) / 8 * 8);
    return out.position();
  }
}
