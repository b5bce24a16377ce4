package akin.nn.io.keras;

import akin.nn.io.ByteSource;
import io.jhdf.Superblock;
import io.jhdf.exceptions.HdfException;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The bytes of an HDF5 file for jHDF, under guard: nothing beyond the file is allocated, and no
 * more is read than a sound file's directory needs. A hostile file can make its directory lead in
 * circles, or to one place from very many.
 */
final class Hdf5Bytes implements HdfBackingStorage {
  private final ByteSource source;
  private final long size;
  private final Superblock superblock;
  private long readsLeft;
  private long bytesLeft;

  Hdf5Bytes(ByteSource source, long size) {
    this.source = source;
    this.size = size;
    readsLeft = 1000 + size / 8;
    bytesLeft = (1 << 20) + 4 * size;
    superblock = Superblock.readSuperblock(mapNoOffset(0, Math.min(size, 256)));
    if (superblock.getBaseAddressByte() != 0) {
      throw new HdfException("the file begins with bytes of another format");
    }
    if (superblock.getEndOfFileAddress() > size) {
      throw new HdfException(
          "it has " + superblock.getEndOfFileAddress() + " bytes; " + size + " are there");
    }
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    return mapNoOffset(address, length);
  }

  @Override
  public ByteBuffer map(long address, long length) {
    return mapNoOffset(address, length);
  }

  @Override
  public ByteBuffer mapNoOffset(long address, long length) {
    if (address < 0 || length < 0 || address > size || length > size - address) {
      throw new HdfException(
          "the file ends before byte " + Long.toUnsignedString(address) + " + " + length);
    }
    readsLeft--;
    bytesLeft -= length;
    if (readsLeft < 0 || bytesLeft < 0 || length > Integer.MAX_VALUE - 8) {
      throw new HdfException("its directory is larger than the file");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    source.read(bytes, address);
    return bytes.flip();
  }

  @Override
  public long getUserBlockSize() {
    return 0;
  }

  @Override
  public Superblock getSuperblock() {
    return superblock;
  }

  @Override
  public FileChannel getFileChannel() {
    throw new UnsupportedOperationException("the file is read through this class only");
  }

  @Override
  public int getSizeOfOffsets() {
    return superblock.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return superblock.getSizeOfLengths();
  }

  @Override
  public void close() {
    // Whoever opened the file closes it.
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean inMemory() {
    return true;
  }
}
