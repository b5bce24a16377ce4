package akin.cuda.sim.ptx;

import java.util.List;
import java.util.Map;

/**
 * A kernel, or a function that kernels call.
 *
 * @param entry whether it is a kernel
 * @param name its name
 * @param results what it returns
 * @param parameters in order
 * @param registers the type of each
 * @param variables declared inside
 * @param body the instructions in order
 * @param labels the index of the instruction that a label stands before
 * @param maxThreads most threads of a block; 0 if it does not say
 */
public record Function(
    boolean entry,
    String name,
    List<Variable> results,
    List<Variable> parameters,
    Map<String, Type> registers,
    List<Variable> variables,
    List<Instruction> body,
    Map<String, Integer> labels,
    int maxThreads) {}
