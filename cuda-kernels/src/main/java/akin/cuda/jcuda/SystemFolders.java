package akin.cuda.jcuda;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The folders in which a Linux system keeps libraries, CUDA's own first. Asked at the start of
 * every command, so written without what costs a young virtual machine tens of milliseconds:
 * streams, lambdas, patterns.
 */
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
    for (File home : entries("/usr/local")) {
      if (home.getName().startsWith("cuda-11")) {
        add(folders, home + "/lib64");
      }
    }
    for (String folder : FIXED) {
      add(folders, folder);
    }
    for (File file : entries("/etc/ld.so.conf.d")) {
      if (file.getName().endsWith(".conf")) {
        addLines(folders, file.toPath());
      }
    }
    List<Place> places = new ArrayList<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        places.add(new Folder(folder));
      }
    }
    return places;
  }

  /** The folders of a list with the system's separator. */
  static List<Place> listed(String list) {
    Set<Path> folders = new LinkedHashSet<>();
    addAll(folders, list);
    List<Place> places = new ArrayList<>();
    for (Path folder : folders) {
      places.add(new Folder(folder));
    }
    return places;
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

  /** What lies in a folder, by name; nothing if it cannot be read. */
  private static File[] entries(String folder) {
    File[] found = new File(folder).listFiles();
    if (found == null) {
      return new File[0];
    }
    Arrays.sort(found);
    return found;
  }
}
