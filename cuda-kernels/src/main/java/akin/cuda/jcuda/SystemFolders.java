package akin.cuda.jcuda;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The folders in which a Linux system keeps libraries, CUDA's own first. */
final class SystemFolders {
  private static final List<String> FIXED =
      List.of(
          "/usr/local/cuda/lib64",
          "/usr/lib/x86_64-linux-gnu",
          "/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/lib64",
          "/usr/lib",
          "/usr/lib/wsl/lib",
          "/usr/local/nvidia/lib64",
          "/usr/lib/x86_64-linux-gnu/nvidia/current");

  private SystemFolders() {}

  /** Those that are there, in the order in which they are searched. */
  static List<Place> places() {
    Set<Path> folders = new LinkedHashSet<>();
    addAll(folders, System.getenv("LD_LIBRARY_PATH"));
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = System.getenv(variable);
      if (home != null) {
        addAll(folders, home + "/lib64");
      }
    }
    entries(Path.of("/usr/local"), "cuda-11*").forEach(home -> folders.add(home.resolve("lib64")));
    FIXED.forEach(folder -> folders.add(Path.of(folder)));
    for (Path file : entries(Path.of("/etc/ld.so.conf.d"), "*.conf")) {
      addLines(folders, file);
    }
    return folders.stream()
        .filter(Files::isDirectory)
        .map(Folder::new)
        .map(Place.class::cast)
        .toList();
  }

  /** The folders of a list with the system's separator. */
  static List<Place> listed(String folders) {
    Set<Path> found = new LinkedHashSet<>();
    addAll(found, folders);
    return found.stream().map(Folder::new).map(Place.class::cast).toList();
  }

  private static void addAll(Set<Path> folders, String list) {
    if (list == null) {
      return;
    }
    for (String folder : list.split(File.pathSeparator)) {
      add(folders, folder);
    }
  }

  private static void add(Set<Path> folders, String folder) {
    try {
      if (!folder.isBlank()) {
        folders.add(Path.of(folder.strip()).toAbsolutePath());
      }
    } catch (InvalidPathException e) {
      // No folder of this name can be there.
    }
  }

  /** Lines of the dynamic linker's configuration that name a folder. */
  private static void addLines(Set<Path> folders, Path file) {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("/")) {
          add(folders, line);
        }
      }
    } catch (IOException e) {
      // What cannot be read names no folder for us.
    }
  }

  private static List<Path> entries(Path folder, String pattern) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
        entries.forEach(found::add);
      } catch (IOException e) {
        // As if it were empty.
      }
    }
    found.sort(null);
    return found;
  }
}
