package akin.cuda.sim.exec;

import akin.cuda.sim.memory.GlobalMemory;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Module;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Variable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A module with its variables in a card's memory; functions are decoded when first asked for. */
public final class LoadedModule {
  private final Module module;
  private final GlobalMemory memory;
  private final Map<String, Long> addresses = new HashMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final List<Variable> common;

  /** Puts the module's variables into the memory. */
  public LoadedModule(Module module, GlobalMemory memory) {
    this.module = module;
    this.memory = memory;
    module.variables().stream().filter(v -> v.space() != Space.SHARED).forEach(this::place);
    common =
        Stream.concat(
                module.variables().stream(),
                module.functions().values().stream()
                    .filter(f -> !f.entry())
                    .flatMap(f -> f.variables().stream()))
            .filter(v -> v.space() == Space.SHARED)
            .toList();
  }

  private void place(Variable v) {
    long address = memory.allocate(v.bytes());
    ByteBuffer to = memory.writable(address, v.bytes());
    if (v.content() != null) {
      to.put(v.content().duplicate());
    }
    addresses.put(v.name(), address);
  }

  /** Gives the memory of the variables back. */
  public void unload() {
    addresses.values().forEach(memory::free);
    addresses.clear();
  }

  /** The text's model. */
  public Module module() {
    return module;
  }

  /** The memory of the variables. */
  public GlobalMemory memory() {
    return memory;
  }

  /** Where a variable of the module lies. */
  public Optional<Long> address(String variable) {
    return Optional.ofNullable(addresses.get(variable));
  }

  /**
   * A function, ready to run.
   *
   * @throws akin.cuda.sim.ptx.PtxException if the machine does not know an instruction
   * @throws IllegalArgumentException if there is no function of the name
   */
  public Program program(String name) {
    Program known = programs.get(name);
    if (known != null) {
      return known;
    }
    Function function = module.functions().get(name);
    if (function == null) {
      throw new IllegalArgumentException("the module has no function " + name);
    }
    List<Variable> own =
        function.entry()
            ? function.variables()
            : function.variables().stream().filter(v -> v.space() != Space.SHARED).toList();
    boolean calls = function.body().stream().map(Instruction::name).anyMatch("call"::equals);
    Program program = Decoder.decode(this, function, new Layout(common, own, calls));
    programs.put(name, program);
    return program;
  }
}
