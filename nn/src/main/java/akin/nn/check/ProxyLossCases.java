package akin.nn.check;

import akin.nn.metric.Batch;
import akin.nn.metric.proxy.CenterLoss;
import akin.nn.metric.proxy.InstanceLoss;
import akin.nn.metric.proxy.ManifoldLoss;
import akin.nn.metric.proxy.P2SGradLoss;
import akin.nn.metric.proxy.ProxyAnchorLoss;
import akin.nn.metric.proxy.ProxyNcaLoss;
import akin.nn.metric.proxy.SoftTripleLoss;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;

/** Gradient cases of losses with proxies and centres. */
public final class ProxyLossCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ProxyLossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("Proxy-NCA loss", ProxyNcaLoss.class, ProxyLossCases::nca),
        CaseGenerator.loss("Proxy-Anchor loss", ProxyAnchorLoss.class, ProxyLossCases::anchor),
        CaseGenerator.loss("SoftTriple loss", SoftTripleLoss.class, ProxyLossCases::softTriple),
        CaseGenerator.loss("P2SGrad loss", P2SGradLoss.class, ProxyLossCases::p2s),
        CaseGenerator.loss("instance loss", InstanceLoss.class, ProxyLossCases::instance),
        CaseGenerator.loss("manifold loss", ManifoldLoss.class, ProxyLossCases::manifold),
        CaseGenerator.loss("center loss, centres held", CenterLoss.class, ProxyLossCases::center));
  }

  private static GradientCase nca(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, false);
    double s = draw.pick(List.of(1.0, 3.0));
    return at.of(new ProxyNcaLoss(at.classes(), at.width(), s))
        .scaled(40 * s)
        .obeying(at.scaleOfEmbeddings(), at.scaleOfVectors());
  }

  private static GradientCase anchor(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, false);
    double alpha = draw.pick(List.of(1.0, 4.0, 8.0));
    return at.of(new ProxyAnchorLoss(at.classes(), at.width(), draw.real(0, 0.3), alpha))
        .scaled(10 * alpha)
        .obeying(at.scaleOfEmbeddings(), at.scaleOfVectors());
  }

  private static GradientCase softTriple(Draw draw) {
    int centers = draw.between(1, 3);
    ClassPoints at = ClassPoints.draw(draw, 1, centers, true);
    double lambda = draw.real(1, 5);
    double gamma = draw.real(0.3, 1);
    return at.of(
            new SoftTripleLoss(at.classes(), at.width(), centers, lambda, gamma, draw.real(0, 0.2)))
        .scaled(10 * lambda / gamma)
        .obeying(at.scaleOfEmbeddings(), at.scaleOfVectors());
  }

  private static GradientCase p2s(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    return at.of(new P2SGradLoss(at.classes(), at.width()))
        .scaled(100)
        .obeying(at.scaleOfEmbeddings());
  }

  private static GradientCase instance(Draw draw) {
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 4);
    InstanceLoss loss = new InstanceLoss(draw.pick(List.of(1.0, 6.0)));
    return GradientCase.of(
            loss + " " + Arrays.toString(labels),
            in -> loss.of(Batch.of(in[0], labels)).value(),
            draw.input(Shape.of(labels.length, width)))
        .awayFrom(values -> Distant.unless(Points.shortest(values[0], width) < 3 * Points.LEAST))
        .scaled(10 * loss.gamma())
        .obeying(Points.scale(0, width));
  }

  private static GradientCase manifold(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, false);
    double lambda = draw.pick(List.of(0.0, 1.0, Double.POSITIVE_INFINITY));
    ManifoldLoss loss =
        new ManifoldLoss(at.classes(), at.width(), lambda, draw.real(0.3, 0.8), 5e-4);
    return at.of(loss)
        .awayFrom(values -> Math.min(at.regular(values), edge(loss, at, values) / 20))
        .scaled(100)
        .obeying(at.scaleOfEmbeddings(), at.scaleOfVectors());
  }

  /** From the nearest cosine of 0, where its hinge is, and lead of 0, where the loss jumps. */
  private static double edge(ManifoldLoss loss, ClassPoints at, double[][] values) {
    double[] all = Arrays.copyOf(values[0], values[0].length + values[1].length);
    System.arraycopy(values[1], 0, all, values[0].length, values[1].length);
    double[] unit = Points.unit(all, at.width());
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < unit.length / at.width(); i++) {
      for (int j = 0; j < i; j++) {
        least = Math.min(least, Math.abs(Points.dot(unit, i, j, at.width())));
      }
    }
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Tensor x = Tensor.of(at.embeddings().shape(), values[0]);
      Tensor w = Tensor.of(at.vectors().shape(), values[1]);
      for (Tensor z : loss.leads(x, w, at.labels())) {
        least = Math.min(least, Distant.from(new double[] {0}, z.toDoubles()));
      }
    }
    return least;
  }

  private static GradientCase center(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    CenterLoss loss = new CenterLoss(at.classes(), at.width(), draw.real(0, 1), 0.5);
    return GradientCase.of(
            loss + " " + Arrays.toString(at.labels()),
            in -> loss.losses(in[0], in[1], at.labels(), in[2]),
            at.embeddings(),
            at.vectors(),
            draw.input(at.embeddings().shape()).constant())
        .scaled(100);
  }
}
