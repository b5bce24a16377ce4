package akin.cuda.sim;

import akin.cuda.CudaBackend;
import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import java.util.Optional;

/**
 * Offers the PTX machine as device {@code sim}, which runs everywhere and which {@code auto} never
 * takes: it is for learning and for finding faults, not for speed.
 */
public final class SimProvider implements BackendProvider {
  /** {@code -Dakin.sim.checks=false}: races and reads of unwritten memory are not looked for. */
  static final String CHECKS = "akin.sim.checks";

  private static final long CAPACITY = 4L << 30;

  /** For {@link java.util.ServiceLoader}. */
  public SimProvider() {}

  @Override
  public String name() {
    return "sim";
  }

  /** After the reference backend, which is always there. */
  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Optional<String> refusal() {
    return Optional.empty();
  }

  @Override
  public Backend open(Options options) {
    boolean checks = Boolean.parseBoolean(System.getProperty(CHECKS, "true"));
    SimDevice device = checks ? SimDevice.checked(CAPACITY) : SimDevice.fast(CAPACITY);
    return new CudaBackend("sim", device, CAPACITY);
  }
}
