package akin.cuda.jcuda;

import java.nio.file.Path;
import java.util.List;

/** A place that may hold NVIDIA's libraries. */
interface Place {
  /** Whether it has a file of this name; cheap. */
  boolean has(String file);

  /**
   * The folder in which those of the files lie that it has, once they are there.
   *
   * @throws akin.tensor.UserError if they cannot be put there
   */
  Path folder(List<String> files);

  /** How a report names it. */
  @Override
  String toString();
}
