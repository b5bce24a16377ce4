package akin.bench;

import akin.tensor.Shape;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import java.util.LinkedHashMap;
import java.util.Map;

/** Follows a picture of 224×224 through a network and notes the convolutions it meets. */
final class Convolutions {
  private final Map<ConvShape, Integer> layers = new LinkedHashMap<>();
  private final int batch;
  private int channels = 3;
  private int size = 224;

  private Convolutions(int batch) {
    this.batch = batch;
  }

  /** Each distinct convolution of the network, and how often it occurs. */
  static Map<ConvShape, Integer> of(String network, int batch) {
    Convolutions walk = new Convolutions(batch);
    switch (network) {
      case "mobilenet_v2" -> walk.mobileNetV2();
      case "resnet50" -> walk.resNet50();
      default -> throw new IllegalArgumentException(network);
    }
    return walk.layers;
  }

  /** Operations of one convolution forward, and as many again for each gradient. */
  static double flops(ConvShape s) {
    return 2.0 * s.output().count() * s.channelsPerGroup() * s.kh() * s.kw();
  }

  private void conv(int out, int kernel, int stride, int groups) {
    ConvShape s =
        ConvShape.of(
            Shape.of(batch, channels, size, size),
            Shape.of(out, channels / groups, kernel, kernel),
            Window.of(stride, kernel / 2),
            groups);
    layers.merge(s, 1, Integer::sum);
    channels = out;
    size = s.outH();
  }

  /** Sandler and others, 2018, table 2. */
  private void mobileNetV2() {
    conv(32, 3, 2, 1);
    int[][] stages = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    for (int[] s : stages) {
      for (int i = 0; i < s[2]; i++) {
        int wide = channels * s[0];
        if (s[0] > 1) {
          conv(wide, 1, 1, 1);
        }
        conv(wide, 3, i == 0 ? s[3] : 1, wide);
        conv(s[1], 1, 1, 1);
      }
    }
    conv(1280, 1, 1, 1);
  }

  /** He and others, 2015, table 1, with torchvision's strides. */
  private void resNet50() {
    conv(64, 7, 2, 1);
    size /= 2; // maximum pool
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int i = 0; i < blocks[stage]; i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        int in = channels;
        int from = size;
        if (i == 0) {
          conv(256 << stage, 1, stride, 1);
          channels = in;
          size = from;
        }
        conv(width, 1, 1, 1);
        conv(width, 3, stride, 1);
        conv(256 << stage, 1, 1, 1);
      }
    }
  }
}
