package akin.cuda.jcuda;

import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds NVIDIA's libraries and loads them by their absolute path. JCuda's natives name theirs by
 * soname only, and the dynamic linker takes one that is loaded already; so they need not lie where
 * the system would look.
 *
 * <p>Searched are, in this order: the folders of {@code -Dakin.cuda.libraries} or of the variable
 * {@code AKIN_CUDA_LIBRARIES} (and where they are told, no others, but for the driver); the jar of
 * the profile {@code cuda}, and what was unpacked of it before; the system's folders.
 */
final class Libraries {
  static final String PROPERTY = "akin.cuda.libraries";
  static final String VARIABLE = "AKIN_CUDA_LIBRARIES";

  /** How to get all parts but the driver. */
  static final String FETCH =
      "mvn -Pcuda -DskipTests package fetches CUDA 11.8 and cuDNN 8.6, or name their folder in "
          + VARIABLE;

  private final List<Place> driverPlaces;
  private final List<Place> places;
  private final Map<Part, Path> loaded = new EnumMap<>(Part.class);

  /**
   * @param driverPlaces where the driver is searched
   * @param places where everything else is
   */
  Libraries(List<Place> driverPlaces, List<Place> places) {
    this.driverPlaces = List.copyOf(driverPlaces);
    this.places = List.copyOf(places);
  }

  /** As told by the property or the variable, or as this machine has them. */
  static Libraries here() {
    String told = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    List<Place> system = SystemFolders.places();
    if (told != null && !told.isBlank()) {
      List<Place> folders = SystemFolders.listed(told);
      List<Place> driver = new ArrayList<>(folders);
      driver.addAll(system);
      return new Libraries(driver, folders);
    }
    List<Place> places = new ArrayList<>();
    places.add(new Redistribution(CacheFolder.path()));
    places.addAll(Redistribution.unpacked(CacheFolder.path()));
    places.addAll(system);
    return new Libraries(system, places);
  }

  /** Where a part lies. */
  Optional<Place> place(Part part) {
    for (Place place : searched(part)) {
      if (place.has(part.file())) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private List<Place> searched(Part part) {
    return part == Part.DRIVER ? driverPlaces : places;
  }

  /** Why there is no computing without more than is here, in one line with the mend. */
  Optional<String> refusal() {
    if (place(Part.DRIVER).isEmpty()) {
      return Optional.of("no NVIDIA driver here (no libcuda.so.1); a card needs one installed");
    }
    for (Part part : List.of(Part.CUBLAS, Part.CUDNN)) {
      if (place(part).isEmpty()) {
        List<String> others = others(part);
        return Optional.of(
            part.title()
                + " is missing (no "
                + part.file()
                + (others.isEmpty() ? "" : "; of another version: " + String.join(", ", others))
                + "); "
                + FETCH);
      }
    }
    return Optional.empty();
  }

  /** Files of a part in versions that do not fit. */
  private List<String> others(Part part) {
    List<String> found = new ArrayList<>();
    for (Place place : searched(part)) {
      for (String file : part.otherFiles()) {
        if (place.has(file)) {
          found.add(place + "/" + file);
        }
      }
    }
    return found;
  }

  /**
   * Loads a part, those that it needs first.
   *
   * @throws UserError if it is missing, or the system refuses a file
   */
  synchronized void load(Part part) {
    if (loaded.containsKey(part)) {
      return;
    }
    if (part == Part.CUDNN) {
      load(Part.CUBLAS);
    }
    Place place =
        place(part).orElseThrow(() -> UserError.of(part.title() + " is missing").mend(FETCH));
    List<String> files = new ArrayList<>(part.companions());
    files.removeIf(file -> !place.has(file));
    files.add(part.file());
    Path folder = place.folder(files);
    for (String file : files) {
      load(folder.resolve(file).toAbsolutePath());
    }
    loaded.put(part, folder.resolve(part.file()));
  }

  private static void load(Path file) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw UserError.of("the library cannot be loaded: " + firstLine(e).replace(file + ": ", ""))
          .at(file)
          .mend("it is damaged, or for another system; " + FETCH)
          .because(e);
    }
  }

  /** Makes what loads one of JCuda's own libraries; if that cannot be linked, one message. */
  <T> T linked(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (LinkageError e) {
      throw UserError.of("JCuda cannot be loaded: " + firstLine(e))
          .mend("see what akin doctor --device cuda tells of the libraries")
          .because(e);
    }
  }

  /** JCuda tells a page where a library is missing; its first line has the reason. */
  static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  /** What was searched and found, a line each, for a report. */
  List<String> report() {
    List<String> lines = new ArrayList<>();
    for (Part part : Part.values()) {
      Optional<Place> place = place(part);
      String found = place.map(p -> p + "/" + part.file()).orElse("not found");
      List<String> others = others(part);
      lines.add(
          part.title()
              + ": "
              + found
              + (others.isEmpty() ? "" : "; other versions: " + String.join(", ", others)));
    }
    lines.add("folders: " + joined(places));
    if (!places.containsAll(driverPlaces)) {
      lines.add("folders for the driver: " + joined(driverPlaces));
    }
    return lines;
  }

  private static String joined(List<Place> places) {
    return String.join(", ", places.stream().map(Place::toString).toList());
  }
}
