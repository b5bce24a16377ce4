package akin.cuda.jcuda;

import akin.cuda.CudaBackend;
import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Offers the cards of NVIDIA's driver as devices {@code cuda}, {@code cuda:1} … */
public final class CudaProvider implements BackendProvider {
  /** {@code -Dakin.cuda.tf32=true}: products and convolutions may round factors to ten bits. */
  static final String TF32 = "akin.cuda.tf32";

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int preference() {
    return 100;
  }

  /** Without a driver or libraries no class of JCuda's is loaded. */
  @Override
  public Optional<String> refusal() {
    Libraries libraries = Libraries.here();
    Optional<String> missing = libraries.refusal();
    return missing.isPresent() ? missing : Driver.refusal(libraries);
  }

  @Override
  public List<String> searched() {
    Libraries libraries = Libraries.here();
    List<String> lines = new ArrayList<>(libraries.report());
    if (libraries.place(Part.DRIVER).isPresent() && Driver.refusal(libraries).isEmpty()) {
      lines.addAll(Driver.report());
    }
    return lines;
  }

  @Override
  public Backend open(Options options) {
    Libraries libraries = Libraries.here();
    libraries.load(Part.DRIVER);
    JCudaDevice device =
        new JCudaDevice(
            libraries,
            options.ordinal(),
            new CubinCache(CacheFolder.path(), () -> Nvrtc.open(libraries)),
            Boolean.getBoolean(TF32));
    try {
      return new CudaBackend("cuda", device, MemoryCap.of(device.freeBytes()));
    } catch (RuntimeException e) { // such as a size that is none
      device.close();
      throw e;
    }
  }
}
