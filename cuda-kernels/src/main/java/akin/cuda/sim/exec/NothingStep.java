package akin.cuda.sim.exec;

/** An instruction whose promise the machine keeps anyway: a fence, a hint, a pause. */
final class NothingStep extends Step {
  @Override
  void run(Warp warp, int active) {}
}
