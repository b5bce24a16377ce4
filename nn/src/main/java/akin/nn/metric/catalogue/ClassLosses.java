package akin.nn.metric.catalogue;

import static akin.nn.metric.catalogue.Option.angle;
import static akin.nn.metric.catalogue.Option.choice;
import static akin.nn.metric.catalogue.Option.count;
import static akin.nn.metric.catalogue.Option.flag;
import static akin.nn.metric.catalogue.Option.notNegative;
import static akin.nn.metric.catalogue.Option.positive;
import static akin.nn.metric.catalogue.Option.within;

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
  private static final String MARGIN = "margin";
  private static final String SCALE = "scale";
  private static final String CENTERS = "centers";

  static final List<Entry<Loss>> ALL =
      List.of(
          new Entry<>(
              "normalized-softmax",
              "A softmax of cosines with class vectors.",
              List.of(positive("temperature", 0.05)),
              (s, o) -> new NormalizedSoftmaxLoss(s.classes(), s.width(), o.number("temperature"))),
          new Entry<>(
              "large-margin-softmax",
              "A softmax in which the angle to the own class counts several times.",
              List.of(count(MARGIN, 4), positive(SCALE, 1)),
              (s, o) ->
                  new LargeMarginSoftmaxLoss(
                      s.classes(), s.width(), o.whole(MARGIN), o.number(SCALE))),
          new Entry<>(
              "sphereface",
              "The large-margin softmax with normalised class vectors.",
              List.of(count(MARGIN, 4), positive(SCALE, 1)),
              (s, o) ->
                  new SphereFaceLoss(s.classes(), s.width(), o.whole(MARGIN), o.number(SCALE))),
          new Entry<>(
              "cosface",
              "A softmax with a margin of the own class' cosine.",
              List.of(within(MARGIN, 0.35, 0, 2), positive(SCALE, 64)),
              (s, o) -> new CosFaceLoss(s.classes(), s.width(), o.number(MARGIN), o.number(SCALE))),
          new Entry<>(
              "arcface",
              "A softmax with a margin of the own class' angle.",
              List.of(
                  angle(MARGIN, 0.5),
                  positive(SCALE, 64),
                  count(CENTERS, 1),
                  flag("easy", false),
                  choice("start", ArcFaceLoss.Start.NORMAL)),
              (s, o) ->
                  new ArcFaceLoss(
                      s.classes(),
                      s.width(),
                      new ArcFaceLoss.Options(
                          o.number(MARGIN),
                          o.number(SCALE),
                          o.whole(CENTERS),
                          o.flag("easy"),
                          ArcFaceLoss.Start.values()[o.whole("start")]))),
          new Entry<>(
              "sub-center-arcface",
              "ArcFace with several vectors for each class, the nearest of which counts.",
              List.of(angle(MARGIN, 0.5), positive(SCALE, 64), count(CENTERS, 3)),
              (s, o) ->
                  new SubCenterArcFaceLoss(
                      s.classes(), s.width(), o.whole(CENTERS), o.number(MARGIN), o.number(SCALE))),
          new Entry<>(
              "dynm-arcface",
              "ArcFace with larger margins for rarer classes; also called CLAM.",
              List.of(
                  angle("leastMargin", 0.2),
                  angle("mostMargin", 0.5),
                  positive(SCALE, 30),
                  count(CENTERS, 1)),
              (s, o) ->
                  new DynMArcFaceLoss(
                      s.counts(),
                      s.width(),
                      o.whole(CENTERS),
                      o.number("leastMargin"),
                      o.number("mostMargin"),
                      o.number(SCALE))),
          new Entry<>(
              "li-arcface",
              "A softmax of logits that fall linearly with the angle, with a margin.",
              List.of(angle(MARGIN, 0.5), positive(SCALE, 30)),
              (s, o) ->
                  new LiArcFaceLoss(s.classes(), s.width(), o.number(MARGIN), o.number(SCALE))),
          new Entry<>(
              "adacos",
              "A softmax of cosines whose scale chooses itself.",
              List.of(flag("dynamic", true)),
              (s, o) -> new AdaCosLoss(s.classes(), s.width(), o.flag("dynamic"))),
          new Entry<>(
              "curricularface",
              "ArcFace that turns to hard samples as training goes on.",
              List.of(angle(MARGIN, 0.5), positive(SCALE, 64)),
              (s, o) ->
                  new CurricularFaceLoss(
                      s.classes(), s.width(), o.number(MARGIN), o.number(SCALE))),
          new Entry<>(
              "adaface",
              "A margin that is larger for better pictures, told by the embedding's length.",
              List.of(
                  within(MARGIN, 0.4, 0, 2),
                  notNegative("h", 0.333),
                  within("share", 0.01, 1e-6, 1),
                  positive(SCALE, 64)),
              (s, o) ->
                  new AdaFaceLoss(
                      s.classes(),
                      s.width(),
                      new AdaFaceLoss.Options(
                          o.number(MARGIN), o.number("h"), o.number("share"), o.number(SCALE)))),
          new Entry<>(
              "p2s-grad",
              "The squared error of cosines whose target is 1 or 0.",
              s -> P2SGradLoss.usual(s.classes(), s.width())),
          new Entry<>(
              "proxy-nca",
              "How surely the nearest class vector is the own one.",
              List.of(positive(SCALE, 1)),
              (s, o) -> new ProxyNcaLoss(s.classes(), s.width(), o.number(SCALE))),
          new Entry<>(
              "proxy-anchor",
              "Class vectors as anchors, samples as their positives and negatives.",
              List.of(within(MARGIN, 0.1, -1, 1), positive("alpha", 32)),
              (s, o) ->
                  new ProxyAnchorLoss(s.classes(), s.width(), o.number(MARGIN), o.number("alpha"))),
          new Entry<>(
              "soft-triple",
              "A softmax with several centres for each class, chosen softly.",
              List.of(
                  count(CENTERS, 10),
                  positive("lambda", 20),
                  positive("gamma", 0.1),
                  within(MARGIN, 0.01, 0, 2)),
              (s, o) ->
                  new SoftTripleLoss(
                      s.classes(),
                      s.width(),
                      o.whole(CENTERS),
                      o.number("lambda"),
                      o.number("gamma"),
                      o.number(MARGIN))),
          new Entry<>(
              "manifold",
              "Similarity along a random walk over samples and class vectors.",
              List.of(
                  notNegative("lambda", 1),
                  within("alpha", 0.8, 0.001, 0.999),
                  notNegative(MARGIN, 5e-4)),
              (s, o) ->
                  new ManifoldLoss(
                      s.classes(),
                      s.width(),
                      o.number("lambda"),
                      o.number("alpha"),
                      o.number(MARGIN))),
          new Entry<>(
              "center",
              "A softmax of a linear layer, and a pull to the centre of the class.",
              List.of(notNegative("lambda", 2e-4), within("alpha", 0.05, 0, 1)),
              (s, o) ->
                  new CenterLoss(s.classes(), s.width(), o.number("lambda"), o.number("alpha"))),
          new Entry<>(
              "instance",
              "A softmax in which samples of the batch stand for the classes.",
              List.of(positive("gamma", 64)),
              (s, o) -> new InstanceLoss(o.number("gamma"))));

  private ClassLosses() {}
}
