package akin.cuda.teach;

import akin.tensor.command.Command;
import akin.tensor.command.CommandProvider;
import java.util.List;

/** {@code akin kernel}. */
public final class KernelCommands implements CommandProvider {
  /** Found by {@link java.util.ServiceLoader}. */
  public KernelCommands() {}

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public String description() {
    return "Shows the CUDA kernels, runs them without a card, and follows a warp step by step.";
  }

  @Override
  public List<Command> commands() {
    return List.of(new KernelList(), new KernelRun(), new KernelTrace());
  }
}
