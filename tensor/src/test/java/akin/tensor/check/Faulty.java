package akin.tensor.check;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** A right float32 backend but for one planted fault in one method. */
final class Faulty extends Single {
  private final Method method;
  private final Fault fault;
  private boolean applied;

  Faulty(Method method, Fault fault) {
    this.method = method;
    this.fault = fault;
  }

  /** Whether the fault has changed any result so far. */
  boolean applied() {
    return applied;
  }

  @Override
  public Object invoke(Object proxy, Method called, Object[] args) throws Throwable {
    return invokeOn(exact, called, args == null ? new Object[0] : args);
  }

  private Object invokeOn(Object target, Method called, Object[] args) throws Throwable {
    if (called.equals(method)) {
      return wrong(target, args);
    }
    Object result = right(target, called, args);
    Class<?> owner = method.getDeclaringClass(); // a backend, or what it has prepared
    if (owner != Backend.class && owner.isInstance(result)) {
      return Proxy.newProxyInstance(
          Backend.class.getClassLoader(),
          new Class<?>[] {owner},
          (proxy, on, a) -> invokeOn(result, on, a == null ? new Object[0] : a));
    }
    return result;
  }

  private Object wrong(Object target, Object[] args) throws Throwable {
    if (fault.effect() == Fault.Effect.THROWN) {
      applied = true;
      throw new UnsupportedOperationException("planted");
    }
    if (method.getName().equals("release")) { // the buffer cannot be looked at afterwards
      applied = fault.effect() == Fault.Effect.MISSING;
      return applied ? null : right(target, method, args);
    }
    if (method.getReturnType() != void.class) {
      Object result = misread(target, args);
      Object answer = fault.answer().apply(result);
      applied |= result != null && !result.equals(answer);
      return answer;
    }
    Object[] flat = flat(args);
    double[][] before = contents(flat);
    right(target, method, args);
    double[][] after = contents(flat);
    double[][] result = after;
    if (fault.effect() == Fault.Effect.KEPT) {
      restore(flat, before);
      misread(target, args);
      result = contents(flat);
    } else {
      result = spoilt(before, after);
      restore(flat, result);
    }
    applied |= !Arrays.deepEquals(after, result);
    return null;
  }

  private Object misread(Object target, Object[] args) throws Throwable {
    try {
      Object[] changed = fault.arguments().apply(args);
      applied |= method.getReturnType() != void.class && !Arrays.deepEquals(changed, args);
      return right(target, method, changed);
    } catch (RuntimeException e) {
      applied = true;
      throw e;
    }
  }

  /** What the buffers and arrays among the arguments hold; null for the others. */
  private double[][] contents(Object[] args) {
    double[][] all = new double[args.length][];
    for (int i = 0; i < args.length; i++) {
      if (args[i] instanceof Buffer) {
        all[i] = new double[Math.toIntExact(((Buffer) args[i]).length())];
        exact.download((Buffer) args[i], all[i]);
      } else if (args[i] instanceof double[]) {
        all[i] = ((double[]) args[i]).clone();
      } else if (args[i] instanceof float[]) {
        all[i] = MemoryContract.doubles((float[]) args[i]);
      } else if (args[i] instanceof int[]) {
        all[i] = Arrays.stream((int[]) args[i]).asDoubleStream().toArray();
      }
    }
    return all;
  }

  private void restore(Object[] args, double[][] contents) {
    for (int i = 0; i < args.length; i++) {
      double[] from = contents[i];
      if (args[i] instanceof Buffer) {
        exact.upload(from, (Buffer) args[i]);
      } else if (args[i] instanceof double[]) {
        System.arraycopy(from, 0, args[i], 0, from.length);
      } else if (args[i] instanceof float[]) {
        System.arraycopy(MemoryContract.floats(from), 0, args[i], 0, from.length);
      } else if (args[i] instanceof int[]) {
        int[] whole = Arrays.stream(from).mapToInt(v -> (int) v).toArray();
        System.arraycopy(whole, 0, args[i], 0, whole.length);
      }
    }
  }

  /** The right contents {@code after} the call, with the fault's effect on what the call wrote. */
  private double[][] spoilt(double[][] before, double[][] after) {
    double[][] spoilt = new double[after.length][];
    for (int i = 0; i < after.length; i++) {
      spoilt[i] = after[i] == null ? null : after[i].clone();
      if (after[i] == null || after[i].length == 0) {
        continue;
      }
      int last = after[i].length - 1;
      boolean written = !Arrays.equals(before[i], after[i]);
      if (written) {
        switch (fault.effect()) {
          case MISSING -> spoilt[i] = before[i];
          case LAST_MISSING -> spoilt[i][last] = before[i][last];
          case LAST_OFF -> spoilt[i][last] = (float) (after[i][last] * (1 + 0x1p-6));
          case COARSE -> spoilt[i] = Arrays.stream(after[i]).map(Faulty::coarse).toArray();
          default -> {}
        }
      } else if (fault.effect() == Fault.Effect.INPUT_SPOILT) {
        spoilt[i][0] += 1;
      }
    }
    return spoilt;
  }

  private static double coarse(double x) {
    int bits = Float.floatToIntBits((float) x);
    return Float.isFinite((float) x) ? Float.intBitsToFloat(bits & 0xffffe000) : x;
  }
}
