package akin.nn.io.keras;

import akin.nn.io.ByteSource;
import akin.nn.io.Elements;
import akin.nn.io.Safetensors.Type;
import akin.nn.io.StoredArray;
import akin.tensor.UserError;
import io.jhdf.Constants;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.LocalHeap;
import io.jhdf.ObjectHeader;
import io.jhdf.Superblock.SuperblockV0V1;
import io.jhdf.Superblock.SuperblockV2V3;
import io.jhdf.SymbolTableEntry;
import io.jhdf.Utils;
import io.jhdf.btree.BTreeV1;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.LinkInfoMessage;
import io.jhdf.object.message.LinkMessage;
import io.jhdf.object.message.LinkMessage.LinkType;
import io.jhdf.object.message.SymbolTableMessage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The data sets of an HDF5 file by their paths. jHDF reads the file's structures; the walk through
 * them stands here, so that it is bounded and follows no link into another file.
 */
final class Hdf5Directory {
  private static final int DEEPEST = 16;
  private static final int LONGEST_NAME = 1024;

  private final Path file;
  private final ByteSource source;
  private final long size;
  private final Hdf5Bytes bytes;
  private final Map<String, StoredArray> arrays = new LinkedHashMap<>();

  private Hdf5Directory(Path file, ByteSource source, long size) {
    this.file = file;
    this.source = source;
    this.size = size;
    this.bytes = new Hdf5Bytes(source, size);
  }

  /**
   * Finds all data sets; their elements are read when asked for.
   *
   * @throws UserError if the file is damaged, or holds what is no array of plain numbers
   */
  static Map<String, StoredArray> read(Path file, ByteSource source, long size) {
    try {
      Hdf5Directory directory = new Hdf5Directory(file, source, size);
      directory.walk("", directory.root(), 0);
      return directory.arrays;
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException e) {
      // jHDF tells of damaged files by exceptions of many kinds.
      throw refuse(file, innermost(e)).because(e);
    } catch (StackOverflowError e) {
      throw refuse(file, "its structures are nested without end").because(e);
    }
  }

  private static String innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static UserError refuse(Path file, String rule) {
    return UserError.of("not an HDF5 file whose arrays can be read")
        .at(file)
        .rule(rule)
        .mend("the file may be truncated or damaged: copy or make it again");
  }

  private long root() {
    if (bytes.getSuperblock() instanceof SuperblockV0V1 old) {
      return new SymbolTableEntry(bytes, old.getRootGroupSymbolTableAddress())
          .getObjectHeaderAddress();
    }
    return ((SuperblockV2V3) bytes.getSuperblock()).getRootGroupObjectHeaderAddress();
  }

  private void walk(String path, long address, int depth) {
    if (depth > DEEPEST || path.length() > LONGEST_NAME) {
      throw new HdfException(
          "groups are at most %d deep, and paths %d letters".formatted(DEEPEST, LONGEST_NAME));
    }
    ObjectHeader header = ObjectHeader.readObjectHeader(bytes, address);
    if (header.hasMessageOfType(DataSpaceMessage.class)) {
      if (arrays.put(path, array(path, header)) != null) {
        throw new HdfException("a name stands twice: " + path);
      }
    } else if (header.hasMessageOfType(SymbolTableMessage.class)) {
      walkTable(path, header.getMessageOfType(SymbolTableMessage.class), depth);
    } else if (header.hasMessageOfType(LinkInfoMessage.class)) {
      walkLinks(path, header, depth);
    }
  }

  /** A group as HDF5 writes it by default: names in a heap, places in a tree. */
  private void walkTable(String path, SymbolTableMessage table, int depth) {
    ByteBuffer names = new LocalHeap(bytes, table.getLocalHeapAddress()).getDataBuffer();
    for (long node : BTreeV1.createGroupBTree(bytes, table.getBTreeAddress()).getChildAddresses()) {
      for (SymbolTableEntry entry : new GroupSymbolTableNode(bytes, node).getSymbolTableEntries()) {
        names.position(entry.getLinkNameOffset());
        String name = Utils.readUntilNull(names);
        if (entry.getCacheType() == 2) {
          throw new HdfException("'" + name + "' is a link, not an array");
        }
        walk(join(path, name), entry.getObjectHeaderAddress(), depth + 1);
      }
    }
  }

  /** A small group of the newer form, which keeps its links in its header. */
  private void walkLinks(String path, ObjectHeader header, int depth) {
    if (header.getMessageOfType(LinkInfoMessage.class).getBTreeNameIndexAddress()
        != Constants.UNDEFINED_ADDRESS) {
      throw new HdfException(
          "group '"
              + path
              + "' keeps its links in a heap, as files written with libver='latest' do");
    }
    for (LinkMessage link : header.getMessagesOfType(LinkMessage.class)) {
      if (link.getLinkType() != LinkType.HARD) {
        throw new HdfException("'" + link.getLinkName() + "' is a link, not an array");
      }
      walk(join(path, link.getLinkName()), link.getHardLinkAddress(), depth + 1);
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  private StoredArray array(String path, ObjectHeader header) {
    DataType type = header.getMessageOfType(DataTypeMessage.class).getDataType();
    DataSpace space = header.getMessageOfType(DataSpaceMessage.class).getDataSpace();
    if (!(header.getMessageOfType(DataLayoutMessage.class)
        instanceof ContiguousDataLayoutMessage layout)) {
      throw new HdfException(
          "array '" + path + "' does not lie in one piece (h5repack -l CONTI makes it so)");
    }
    Type known = type(path, type);
    int[] shape = space.getDimensions();
    if (Arrays.stream(shape).anyMatch(length -> length < 0) || space.getType() == 2) {
      throw new HdfException("array '" + path + "' has sizes");
    }
    long count = space.getTotalLength();
    long begin = count == 0 ? 0 : layout.getAddress();
    if (begin < 0 || begin > size || count > (size - begin) / known.bytes()) {
      throw new HdfException(
          "array '%s' takes %d elements of %s from byte %d; the file has %d bytes"
              .formatted(path, count, known, begin, size));
    }
    return StoredArray.rowMajor(
        path,
        new Elements(
            file, path, known, ((OrderedDataType) type).getByteOrder(), source, begin, count),
        shape);
  }

  private static Type type(String path, DataType type) {
    if (type instanceof FloatingPoint real && real.getBitOffset() == 0) {
      String layout = type.getSize() + ":" + real.getExponentSize() + ":" + real.getMantissaSize();
      switch (layout) {
        case "8:11:52":
          return Type.F64;
        case "4:8:23":
          return Type.F32;
        case "2:5:10":
          return Type.F16;
        case "2:8:7":
          return Type.BF16;
        default:
          break;
      }
    }
    if (type instanceof FixedPoint whole
        && whole.getBitOffset() == 0
        && whole.getBitPrecision() == 8 * type.getSize()
        && (whole.isSigned() || type.getSize() == 1)) {
      switch (type.getSize()) {
        case 8:
          return Type.I64;
        case 4:
          return Type.I32;
        case 2:
          return Type.I16;
        case 1:
          return whole.isSigned() ? Type.I8 : Type.U8;
        default:
          break;
      }
    }
    throw new HdfException(
        "array '"
            + path
            + "' has elements of another kind: "
            + type.getClass().getSimpleName()
            + " of "
            + type.getSize()
            + " bytes");
  }
}
