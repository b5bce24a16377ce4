package akin.nn.metric.catalogue;

import akin.nn.metric.Loss;
import akin.nn.metric.proxy.AdaCosLoss;
import akin.nn.metric.proxy.AdaFaceLoss;
import akin.nn.metric.proxy.ArcFaceLoss;
import akin.nn.metric.proxy.CenterLoss;
import akin.nn.metric.proxy.CosFaceLoss;
import akin.nn.metric.proxy.CurricularFaceLoss;
import akin.nn.metric.proxy.DynMArcFaceLoss;
import akin.nn.metric.proxy.InstanceLoss;
import akin.nn.metric.proxy.LargeMarginSoftmaxLoss;
import akin.nn.metric.proxy.LiArcFaceLoss;
import akin.nn.metric.proxy.ManifoldLoss;
import akin.nn.metric.proxy.NormalizedSoftmaxLoss;
import akin.nn.metric.proxy.P2SGradLoss;
import akin.nn.metric.proxy.ProxyAnchorLoss;
import akin.nn.metric.proxy.ProxyNcaLoss;
import akin.nn.metric.proxy.SoftTripleLoss;
import akin.nn.metric.proxy.SphereFaceLoss;
import akin.nn.metric.proxy.SubCenterArcFaceLoss;
import java.util.List;

/** Losses that compare samples with vectors of classes. */
final class ClassLosses {
  static final List<Entry<Loss>> ALL =
      List.of(
          new Entry<>(
              "normalized-softmax",
              "A softmax of cosines with class vectors.",
              s -> NormalizedSoftmaxLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "large-margin-softmax",
              "A softmax in which the angle to the own class counts several times.",
              s -> LargeMarginSoftmaxLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "sphereface",
              "The large-margin softmax with normalised class vectors.",
              s -> SphereFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "cosface",
              "A softmax with a margin of the own class' cosine.",
              s -> CosFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "arcface",
              "A softmax with a margin of the own class' angle.",
              s -> ArcFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "sub-center-arcface",
              "ArcFace with several vectors for each class, the nearest of which counts.",
              s -> SubCenterArcFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "dynm-arcface",
              "ArcFace with larger margins for rarer classes; also called CLAM.",
              s -> DynMArcFaceLoss.usual(s.counts(), s.width())),
          new Entry<>(
              "li-arcface",
              "A softmax of logits that fall linearly with the angle, with a margin.",
              s -> LiArcFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "adacos",
              "A softmax of cosines whose scale chooses itself.",
              s -> AdaCosLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "curricularface",
              "ArcFace that turns to hard samples as training goes on.",
              s -> CurricularFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "adaface",
              "A margin that is larger for better pictures, told by the embedding's length.",
              s -> AdaFaceLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "p2s-grad",
              "The squared error of cosines whose target is 1 or 0.",
              s -> P2SGradLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "proxy-nca",
              "How surely the nearest class vector is the own one.",
              s -> ProxyNcaLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "proxy-anchor",
              "Class vectors as anchors, samples as their positives and negatives.",
              s -> ProxyAnchorLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "soft-triple",
              "A softmax with several centres for each class, chosen softly.",
              s -> SoftTripleLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "manifold",
              "Similarity along a random walk over samples and class vectors.",
              s -> ManifoldLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "center",
              "A softmax of a linear layer, and a pull to the centre of the class.",
              s -> CenterLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "instance",
              "A softmax in which samples of the batch stand for the classes.",
              s -> InstanceLoss.usual()));

  private ClassLosses() {}
}
