package akin.cuda.planted;

import akin.cuda.sim.ptx.Function;
import java.util.Optional;

/** The mistakes that people make in kernels, made mechanically in any kernel's PTX. */
enum Bug {
  /** A {@code __syncthreads} is left out. */
  MISSING_BARRIER("a barrier is missing", Meetings::missingBarrier),
  /** A {@code __syncwarp} is left out. */
  MISSING_WARP_BARRIER("a barrier of a warp is missing", Meetings::missingWarpBarrier),
  /** The first thread of a block goes past a barrier. */
  CONDITIONAL_BARRIER("a barrier stands in a branch", Meetings::conditionalBarrier),
  /** The first thread of a block ends before a barrier. */
  EXIT_BEFORE_BARRIER("a thread ends before a barrier", Meetings::exitBeforeBarrier),
  /** A shuffle, vote or warp barrier names 31 of the 32 lanes that come to it. */
  MASK_WITHOUT_LANE("a mask lacks a lane", Meetings::maskWithoutLane),
  /** A shuffle takes from another lane. */
  WRONG_LANE("a shuffle takes from the wrong lane", Meetings::wrongLane),
  /** {@code <} for {@code <=} or the other way round. */
  OFF_BY_ONE("a bound is off by one", Bounds::offByOne),
  /** A bound is one less: the last element or chunk is lost. */
  LAST_LOST("the last element is lost", Bounds::lastLost),
  /** {@code if (i >= n) return} is left out. */
  MISSING_GUARD("a guard is missing", Bounds::missingGuard),
  /** An index counts elements of twice the size. */
  WRONG_STRIDE("a stride is doubled", Places::wrongStride),
  /** The element after the right one is read. */
  NEIGHBOUR_READ("the neighbour is read", Places::neighbourRead),
  /** The place after the right one is written. */
  NEIGHBOUR_WRITE("the neighbour is written", Places::neighbourWrite),
  /** A vector is read where none may begin. */
  MISALIGNED_VECTOR("a vector load is misaligned", Places::misaligned),
  /** The block's number is taken for 0. */
  FORGOTTEN_BLOCK("the block's number is forgotten", Places::forgottenBlock),
  /** The number of the grid's blocks is taken twice. */
  WRONG_GRID_STRIDE("a stride over the grid is doubled", Places::wrongGridStride),
  /** A store to shared memory is left out. */
  UNINITIALISED_SHARED("shared memory is not written", Values::missingSharedStore),
  /** A store to shared memory goes to its neighbour's place. */
  NEIGHBOUR_SHARED("a neighbour's shared place is written", Places::neighbourShared),
  /** Shared memory is indexed past its end. */
  PAST_SHARED("an index is past the end of shared memory", Places::pastShared),
  /** An atomic addition is done in three steps. */
  PLAIN_ATOMIC("an atomic addition is a plain one", Values::plainAtomic),
  /** A store to global memory is left out. */
  MISSING_STORE("a result is not written", Values::missingStore),
  /** A result is written with the other sign. */
  WRONG_SIGN("a sign is wrong", Values::wrongSign),
  /** One step of a sum in a loop is left out. */
  MISSING_TERM("a term of a sum is missing", Values::missingTerm);

  /** Makes the mistake at one instruction, if it can be made there. */
  interface Planting {
    Optional<Function> plant(Edit edit);
  }

  private final String text;
  private final Planting planting;

  Bug(String text, Planting planting) {
    this.text = text;
    this.planting = planting;
  }

  /** What is wrong, as the documentation says it. */
  String text() {
    return text;
  }

  /** The kernel with this mistake at an instruction, or nothing if it cannot be made there. */
  Optional<Function> plant(Function kernel, int at) {
    return planting.plant(new Edit(kernel, at));
  }
}
