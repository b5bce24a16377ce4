package akin.tensor.cpu;

import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import java.util.Optional;

/** Offers the cpu backend as device {@code cpu}; it runs everywhere. */
public final class CpuProvider implements BackendProvider {
  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int preference() {
    return 50;
  }

  @Override
  public Optional<String> refusal() {
    return Optional.empty();
  }

  @Override
  public Backend open(Options options) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new CpuBackend(options.threads() == 0 ? processors : options.threads());
  }
}
