package akin.tensor.backend;

import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses a backend by name: {@code auto}, {@code reference}, {@code cpu}, {@code cuda[:0]}, {@code
 * sim}.
 */
public final class Backends {
  /** What was said on stderr already: once is enough for a process that opens several. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Backends() {}

  /** All backends found, the preferred one first. */
  public static List<BackendProvider> providers() {
    List<BackendProvider> all = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class).forEach(all::add);
    all.sort(Comparator.comparingInt(BackendProvider::preference).reversed());
    return all;
  }

  /**
   * The backend of {@code device}. {@code auto} takes the preferred one that can run and says on
   * stderr why it refused those before it.
   *
   * @param threads worker threads; 0 for all processors
   * @throws UserError if there is no such backend, or it cannot run here
   */
  public static Backend open(String device, int threads) {
    String[] parts = device.split(":", 2);
    int ordinal = ordinal(device, parts);
    for (BackendProvider provider : providers()) {
      Optional<String> refusal;
      if (parts[0].equals("auto")) {
        refusal = provider.refusal();
        if (refusal.isPresent()) {
          say("akin: not " + provider.name() + ": " + refusal.get());
          continue;
        }
      } else if (!parts[0].equals(provider.name())) {
        continue;
      } else {
        refusal = provider.refusal();
        if (refusal.isPresent()) {
          throw UserError.of("the device cannot be used: " + refusal.get())
              .at("--device " + device);
        }
      }
      return provider.open(new BackendProvider.Options(threads, ordinal));
    }
    List<String> names = providers().stream().map(BackendProvider::name).toList();
    throw UserError.of("no such device")
        .at("--device " + device)
        .rule("one of auto, " + String.join(", ", names))
        .mend("leave the option away to let Akin choose");
  }

  private static void say(String line) {
    if (SAID.add(line)) {
      System.err.println(line);
    }
  }

  private static int ordinal(String device, String[] parts) {
    try {
      return parts.length == 2 ? Integer.parseUnsignedInt(parts[1]) : 0;
    } catch (NumberFormatException e) {
      throw UserError.of("the device's number is no number")
          .at("--device " + device)
          .rule("a name, or a name and a number, such as cuda:0");
    }
  }
}
