package akin.tensor.check;

import java.util.List;

/**
 * Brings generators of cases for losses and for operators of other rooms; found by {@link
 * java.util.ServiceLoader}, so a room names its provider in {@code
 * META-INF/services/akin.tensor.check.CaseProvider}.
 *
 * <pre>{@code
 * public List<CaseGenerator> generators() {
 *   return List.of(
 *       CaseGenerator.operator("cube", Cube.class,
 *           draw -> GradientCase.of(new Cube(), draw.input(draw.shape(2)))));
 * }
 * }</pre>
 */
public interface CaseProvider {
  /** The generators, each with a name of its own. */
  List<CaseGenerator> generators();
}
