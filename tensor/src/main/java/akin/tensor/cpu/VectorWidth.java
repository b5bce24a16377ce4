package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Which vectors this machine has. */
final class VectorWidth {
  private VectorWidth() {}

  /** The machine's own width in bits, at most 512; 0 where it has no vectors worth the name. */
  static int preferred() {
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return bits >= 512 ? 512 : bits >= 256 ? 256 : bits >= 128 ? 128 : 0;
  }

  /** The vectors that the kernels use; every user keeps them in a static final field. */
  static VectorSpecies<Float> species() {
    switch (Simd.BITS) {
      case 512:
        return FloatVector.SPECIES_512;
      case 256:
        return FloatVector.SPECIES_256;
      default:
        return FloatVector.SPECIES_128;
    }
  }
}
