package akin.bench;

import akin.bench.Row.Cost;
import akin.bench.Row.Target;
import java.util.List;
import java.util.stream.Stream;

/** The table's rows, and the limits that they are compared with. */
final class Rows {
  /** What the processor computes at most. */
  static final Row PEAK =
      new Row(
          "limit multiply-adds",
          "GFLOP/s",
          Limits.FLOPS / 1e9,
          new Cost(0, 0),
          Target.of(0),
          List.of(),
          0,
          (backend, threads) -> Limits.multiplyAdds(threads));

  /** What memory delivers at most. */
  static final Row BANDWIDTH =
      new Row(
          "limit memory reads",
          "GB/s",
          Limits.BYTES / 1e9,
          new Cost(0, 0),
          Target.of(0),
          List.of(),
          0,
          (backend, threads) -> Limits.reads(threads));

  /** The work, in the table's order. */
  static final List<Row> ALL =
      List.of(
          Products.row(512, 512, 512),
          Products.row(1024, 1024, 1024),
          Products.row(2048, 2048, 2048),
          Products.row(256, 2048, 300),
          Products.row(64, 300, 300),
          MetricLearning.digits(true, 2.0),
          MetricLearning.digits(false, 1.3),
          MetricLearning.heads(64, 1.5),
          MetricLearning.heads(256, 1.2),
          Pictures.inference("resnet50", 1, 1.15),
          Pictures.inference("resnet50", 16, 1.15),
          Pictures.inference("mobilenet_v2", 1, 1.1),
          Pictures.inference("mobilenet_v2", 16, 1.1),
          Pictures.training("resnet50", 8, 1.2),
          Pictures.training("mobilenet_v2", 16, 1.3),
          Searches.row(
              1,
              Target.of(1.9),
              List.of(Peer.NUMPY, Peer.TORCH, Peer.FAISS_IP, Peer.FAISS_L2, Peer.DJL)),
          Searches.row(
              16,
              Target.of(2.5),
              List.of(Peer.TORCH, Peer.NUMPY, Peer.FAISS_IP, Peer.FAISS_L2, Peer.DJL)),
          Searches.row(
              256,
              new Target(1.1, 1.2),
              List.of(Peer.FAISS_IP, Peer.TORCH, Peer.FAISS_L2, Peer.DJL)),
          ColdStart.row(1));

  private Rows() {}

  static Row named(String name) {
    return Stream.concat(Stream.of(PEAK, BANDWIDTH), ALL.stream())
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name));
  }
}
