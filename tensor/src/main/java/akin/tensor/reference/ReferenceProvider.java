package akin.tensor.reference;

import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import java.util.Optional;

/** Offers the reference backend, which runs everywhere and which {@code auto} takes last. */
public final class ReferenceProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ReferenceProvider() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Optional<String> refusal() {
    return Optional.empty();
  }

  @Override
  public Backend open(Options options) {
    return new ReferenceBackend();
  }
}
