package akin.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What one process measured: a line of JSON on its standard output.
 *
 * @param row the work
 * @param by akin, or a {@linkplain Peer#id peer}
 * @param version of the library that did it
 * @param round counted from 0
 * @param seconds of one call, sample by sample; empty if it failed
 * @param peakBytes the most memory that was resident; 0 if that is not known
 * @param error why there is no figure; null if there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Figure(
    String row,
    String by,
    String version,
    int threads,
    int round,
    List<Double> seconds,
    long peakBytes,
    String error) {
  Figure {
    seconds = seconds == null ? List.of() : List.copyOf(seconds);
  }

  static Figure failed(String row, String by, int threads, String error) {
    return new Figure(row, by, null, threads, 0, List.of(), 0, error);
  }

  Figure inRound(int number) {
    return new Figure(row, by, version, threads, number, seconds, peakBytes, error);
  }
}
