package akin.tensor.plan;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Runner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs a program step by step: by the methods of a backend, or as the backend has prepared it.
 * Places between the steps come from the backend's pool while it runs.
 */
public final class Interpreter implements Runner {
  private final Backend backend;
  private final Program program;
  private final Buffer[] places; // constants for good, others while it runs
  private final int[] between;
  private final List<StepCall> calls = new ArrayList<>();
  private final Set<Buffer> read = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  /**
   * Prepares a program.
   *
   * @param own a backend's own way to do a step, or null for its methods
   */
  public static Interpreter of(
      Backend backend, Program program, Function<Program.Step, Prepared> own) {
    Interpreter made = new Interpreter(backend, program);
    boolean done = false;
    try {
      program.steps().forEach(step -> made.add(step, own.apply(step)));
      done = true;
    } finally {
      if (!done) {
        made.close();
      }
    }
    return made;
  }

  private Interpreter(Backend backend, Program program) {
    this.backend = backend;
    this.program = program;
    places = program.places().stream().map(Program.Place::constant).toArray(Buffer[]::new);
    between = IntStream.range(0, places.length).filter(program::between).toArray();
  }

  private void add(Program.Step step, Prepared prepared) {
    Node node = step.node();
    if (prepared == null && node.output().block() > 1 && !(node.work() instanceof Reorder)) {
      String what = node.work().name() + " of " + node.path();
      throw new IllegalStateException(what + " is in blocks of channels, but was not prepared");
    }
    calls.add(new StepCall(backend, step, prepared, places));
    for (int i = 0; i < step.inputs().size(); i++) {
      Buffer constant = program.constant(step, i);
      if (constant != null && (prepared == null || prepared.reads(i))) {
        read.add(constant);
      }
    }
  }

  @Override
  public void run(Buffer x, Buffer y, IntConsumer done) {
    if (closed) {
      throw new IllegalStateException("the runner is closed");
    }
    places[program.input()] = x;
    places[program.output()] = y;
    try {
      for (int place : between) {
        places[place] = backend.allocate(program.places().get(place).length());
      }
      for (int i = 0; i < calls.size(); i++) {
        calls.get(i).run();
        done.accept(i);
      }
    } finally {
      for (int place : between) {
        if (places[place] != null) {
          backend.release(places[place]);
          places[place] = null;
        }
      }
      places[program.input()] = null;
      places[program.output()] = null;
    }
  }

  @Override
  public boolean reads(Buffer constant) {
    return read.contains(constant);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      calls.forEach(StepCall::close);
    }
  }
}
