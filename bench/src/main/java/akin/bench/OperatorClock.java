package akin.bench;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Runner;
import akin.tensor.plan.FusedConv2d;
import akin.tensor.plan.FusedMatMul;
import akin.tensor.plan.InvertedResidual;
import akin.tensor.plan.Node;
import akin.tensor.plan.Program;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** Stands before a backend and takes the time of its methods, and of the steps of its plans. */
final class OperatorClock {
  private final Backend backend;
  private final Map<String, Spent> spent = new LinkedHashMap<>();

  /** What one kind of call took so far. */
  static final class Spent {
    final double flops;
    long nanos;
    int calls;

    /**
     * @param flops of one call
     */
    Spent(double flops) {
      this.flops = flops;
    }
  }

  OperatorClock(Backend backend) {
    this.backend = backend;
  }

  /** By kind of call. */
  Map<String, Spent> spent() {
    return spent;
  }

  /** The backend with the clock before it. */
  Backend watched() {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, args) -> call(method, args == null ? new Object[0] : args));
  }

  private Object call(Method method, Object[] args) throws Throwable {
    if (method.getName().equals("plan")) {
      Program program = (Program) args[0];
      return new Watched(backend.plan(program), program);
    }
    boolean operator = method.getDeclaringClass() == Backend.class;
    long start = System.nanoTime();
    try {
      return method.invoke(backend, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      if (operator) {
        add(name(method.getName(), args), flops(method.getName(), args), System.nanoTime() - start);
      }
    }
  }

  private void add(String name, double flops, long nanos) {
    Spent s = spent.computeIfAbsent(name, n -> new Spent(flops));
    s.nanos += nanos;
    s.calls++;
  }

  // ---- the methods of a backend ----

  private static String name(String method, Object[] args) {
    if (method.equals("matmul")) {
      List<Object> sizes = Arrays.asList(args).subList(5, 9);
      return String.format("matmul %s of %s×%s×%s", sizes.toArray());
    }
    String rest =
        Arrays.stream(args)
            .filter(a -> a instanceof ConvShape || a instanceof Enum)
            .map(a -> a instanceof ConvShape s ? name(s) : a.toString())
            .collect(Collectors.joining(" "));
    return (method + " " + rest).strip();
  }

  private static double flops(String method, Object[] args) {
    if (method.equals("matmul")) {
      return Arrays.stream(args, 5, 9)
          .mapToDouble(a -> ((Number) a).doubleValue())
          .reduce(2, (a, b) -> a * b);
    }
    return Arrays.stream(args)
        .filter(ConvShape.class::isInstance)
        .mapToDouble(a -> Convolutions.flops((ConvShape) a))
        .sum();
  }

  private static String name(ConvShape s) {
    return String.format(
        "%d×%d%s %d→%d%s at %d×%d",
        s.kh(),
        s.kw(),
        s.window().strideH() == 1 ? "" : " stride " + s.window().strideH(),
        s.c(),
        s.o(),
        s.groups() == 1 ? "" : " in " + s.groups() + " groups",
        s.h(),
        s.w());
  }

  // ---- the steps of a plan ----

  private final class Watched implements Runner {
    private final Runner runner;
    private final List<String> names = new ArrayList<>();
    private final List<Double> flops = new ArrayList<>();

    Watched(Runner runner, Program program) {
      this.runner = runner;
      for (Program.Step step : program.steps()) {
        List<ConvShape> shapes = shapes(step.node());
        names.add(
            step.node().work().name()
                + shapes.stream().map(s -> ", " + name(s)).collect(Collectors.joining()));
        flops.add(shapes.stream().mapToDouble(Convolutions::flops).sum() + product(step.node()));
      }
    }

    @Override
    public void run(Buffer x, Buffer y, IntConsumer done) {
      long[] last = {System.nanoTime()};
      runner.run(
          x,
          y,
          step -> {
            long now = System.nanoTime();
            add(names.get(step), flops.get(step), now - last[0]);
            last[0] = System.nanoTime();
            done.accept(step);
          });
    }

    @Override
    public boolean reads(Buffer constant) {
      return runner.reads(constant);
    }

    @Override
    public void close() {
      runner.close();
    }
  }

  private static List<ConvShape> shapes(Node node) {
    if (node.work() instanceof InvertedResidual joined) {
      return joined.shapes(node);
    }
    FusedConv2d conv = FusedConv2d.of(node);
    return conv == null ? List.of() : List.of(conv.shape(node));
  }

  private static double product(Node node) {
    FusedMatMul product = FusedMatMul.of(node);
    if (product == null) {
      return 0;
    }
    int depth = node.inputs().get(1).shape().dim(product.transposed() ? 1 : 0);
    return 2.0 * node.output().shape().count() * depth;
  }
}
