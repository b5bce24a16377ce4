package akin.tensor.check;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backend.Step;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.MemoryReport;
import akin.tensor.reference.ReferenceBackend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The reference backend, with every buffer rounded to float32: as right as float32 can be. */
class Single implements InvocationHandler {
  final Backend exact = new ReferenceBackend();

  /** This as a backend. */
  final Backend backend() {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, this);
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    return right(exact, method, args == null ? new Object[0] : args);
  }

  /** Makes the call and rounds what came out. */
  final Object right(Object target, Method method, Object[] args) throws Throwable {
    Object result;
    try {
      result = method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (method.getName().equals("elementBytes")) {
      return Float.BYTES;
    }
    if (result instanceof MemoryReport) {
      MemoryReport of = (MemoryReport) result;
      return new MemoryReport(of.liveBuffers(), of.liveBytes() / 2, 0, of.allocated());
    }
    for (Object arg : flat(args)) {
      if (arg instanceof Buffer && !method.getName().equals("release")) {
        float[] rounded = new float[Math.toIntExact(((Buffer) arg).length())];
        exact.download((Buffer) arg, rounded);
        exact.upload(rounded, (Buffer) arg);
      }
    }
    return result;
  }

  /** The arguments, with the buffers of steps one by one. */
  static Object[] flat(Object[] args) {
    return Arrays.stream(args)
        .flatMap(arg -> arg instanceof List ? ((List<?>) arg).stream() : Stream.of(arg))
        .flatMap(arg -> arg instanceof Step ? buffers((Step) arg) : Stream.of(arg))
        .toArray();
  }

  private static Stream<Object> buffers(Step s) {
    return Stream.of(s.parameter(), s.gradient(), s.m(), s.v());
  }
}
