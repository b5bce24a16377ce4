package akin.tensor.check;

import java.util.List;

/**
 * Brings generators of cases for losses and for operators of other rooms; found by {@link
 * java.util.ServiceLoader}.
 */
public interface CaseProvider {
  /** The generators, each with a name of its own. */
  List<CaseGenerator> generators();
}
