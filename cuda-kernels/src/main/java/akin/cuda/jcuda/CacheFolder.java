package akin.cuda.jcuda;

import java.nio.file.Path;

/**
 * Where Akin keeps what it can make again: {@code $XDG_CACHE_HOME/akin}, or {@code ~/.cache/akin}.
 */
final class CacheFolder {
  private CacheFolder() {}

  static Path path() {
    String told = System.getenv("XDG_CACHE_HOME");
    Path caches =
        told != null && Path.of(told).isAbsolute()
            ? Path.of(told)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("akin");
  }
}
