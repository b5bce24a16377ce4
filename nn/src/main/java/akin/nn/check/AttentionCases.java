package akin.nn.check;

import akin.nn.Attention;
import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import akin.tensor.check.Law;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Gradient cases of attention, alone and of many heads. */
public final class AttentionCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public AttentionCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("attention", Attention.class, AttentionCases::plain),
        CaseGenerator.loss("attention, biased", Attention.class, AttentionCases::biased),
        CaseGenerator.loss("attention, multi-head", Attention.class, AttentionCases::multiHead));
  }

  private static GradientCase plain(Draw draw) {
    Input[] qkv = queriesKeysValues(draw);
    return GradientCase.of("no bias", in -> Attention.of(in[0], in[1], in[2], null), qkv)
        .scaled(largestScore(qkv[0], qkv[1]))
        .obeying(keysMoveTogether(qkv[1].shape()));
  }

  private static GradientCase biased(Draw draw) {
    Input[] qkv = queriesKeysValues(draw);
    Shape scores = Shape.of(qkv[0].shape().dim(1), qkv[1].shape().dim(1)); // of every sample
    Input[] all = {qkv[0], qkv[1], qkv[2], draw.input(scores)};
    return GradientCase.of("bias " + scores, in -> Attention.of(in[0], in[1], in[2], in[3]), all)
        .scaled(largestScore(qkv[0], qkv[1]) + 2)
        .obeying(keysMoveTogether(qkv[1].shape()));
  }

  /** [N,T,d], [N,S,d], [N,S,w]. */
  private static Input[] queriesKeysValues(Draw draw) {
    long n = draw.extent();
    long keys = draw.extent();
    long d = draw.extent();
    return new Input[] {
      draw.input(Shape.of(n, draw.extent(), d)),
      draw.input(Shape.of(n, keys, d)),
      draw.input(Shape.of(n, keys, draw.extent()))
    };
  }

  private static GradientCase multiHead(Draw draw) {
    int heads = draw.extent(1, 4);
    long width = heads * (long) draw.extent(1, 4);
    Shape tokens = Shape.of(draw.extent(), draw.extent(), width);
    double reach = 1 / Math.sqrt(width); // queries and keys stay within √width + 1
    return GradientCase.of(
            heads + " heads",
            in -> Attention.self(in[0], in[1], in[2], heads, UnaryOperator.identity(), null),
            draw.input(tokens, -1, 1),
            draw.input(Shape.of(3 * width, width), -reach, reach),
            draw.input(Shape.of(3 * width), -1, 1))
        .scaled((Math.sqrt(width) + 1) * (Math.sqrt(width) + 1) * Math.sqrt(width));
  }

  /** A bound of all |q·k|/√d. */
  private static double largestScore(Input q, Input k) {
    return largest(q) * largest(k) * Math.sqrt(q.shape().size(2));
  }

  private static double largest(Input input) {
    return Arrays.stream(input.values()).map(Math::abs).max().orElse(0);
  }

  /** The same vector added to all keys of a sample moves all scores of a query alike. */
  private static Law keysMoveTogether(Shape k) {
    int keys = k.dim(1);
    int d = k.dim(2);
    return new Law(
        "softmax: the gradients of a sample's keys sum to 0",
        (x, g) -> {
          List<Law.Balance> sums = new ArrayList<>();
          for (int sample = 0; sample < g[1].length; sample += keys * d) {
            for (int i = 0; i < d; i++) {
              double[] terms = new double[keys];
              for (int key = 0; key < keys; key++) {
                terms[key] = g[1][sample + key * d + i];
              }
              sums.add(Law.Balance.of(terms));
            }
          }
          return sums;
        });
  }
}
