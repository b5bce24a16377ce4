package akin.tensor.cpu;

import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares backends on cases; also a program, so that it can run in a JVM of other settings. */
final class Check {
  private static final double ROUNDING = 0x1p-24;

  private Check() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(AlgebraCases.all());
    cases.addAll(NetworkCases.all());
    cases.addAll(ElementCases.all());
    cases.addAll(SpecialCases.all());
    return cases;
  }

  static double[] constant(int n, double value) {
    double[] x = new double[n];
    Arrays.fill(x, value);
    return x;
  }

  /** What is wrong with the cpu backend's answer; null if nothing is. */
  static String difference(Case c, Backend reference, Backend cpu) {
    double[][] expected = c.on(reference);
    double[][] actual = c.on(cpu);
    double[][] terms;
    try (Case.Lab lab = new Case.Lab(reference)) {
      terms = c.terms() == null ? null : c.terms().on(lab);
    }
    for (int o = 0; o < expected.length; o++) {
      for (int i = 0; i < expected[o].length; i++) {
        double e = expected[o][i];
        double a = actual[o][i];
        double bound =
            c.units() * ROUNDING * Math.abs(terms == null ? e : terms[o][i]) + Float.MIN_NORMAL;
        boolean same = Double.compare((float) e, a) == 0 || Math.abs(e - a) <= bound;
        if (!same && !(Double.isNaN(bound) && Double.isNaN(e) && Double.isNaN(a))) {
          return c.name() + ": result " + o + "[" + i + "] is " + a + ", not " + e + " ± " + bound;
        }
      }
    }
    return null;
  }

  /** A number for the bits of all results of a case. */
  static long digest(Case c, Backend cpu) {
    return Arrays.deepHashCode(c.on(cpu));
  }

  /** Roundings of the largest result: cases beyond this are too slow for an interpreter. */
  private static final double SMALL = 12_000;

  private static boolean small(Case c, Backend cpu) {
    return Arrays.stream(c.on(cpu)).allMatch(result -> result.length * c.units() <= SMALL);
  }

  /**
   * Prints the backend's name, and {@code accuracy}: what differs from the reference. {@code
   * digests N}: prints a digest of each small case, done N times; the digests of a case must all be
   * equal.
   */
  public static void main(String[] args) {
    try (CpuBackend cpu = new CpuBackend(1);
        ReferenceBackend reference = new ReferenceBackend()) {
      System.out.println(cpu.name());
      for (Case c : args[0].equals("name") ? List.<Case>of() : cases()) {
        if (args[0].equals("accuracy")) {
          String difference = difference(c, reference, cpu);
          if (difference != null) {
            System.out.println(difference);
          }
        } else if (small(c, reference)) {
          long first = digest(c, cpu);
          for (int i = 1; i < Integer.parseInt(args[1]); i++) {
            if (digest(c, cpu) != first) {
              System.out.println("call " + i + " of " + c.name() + " differs from the first");
              break;
            }
          }
          System.out.println(c.name() + " " + first);
        }
      }
    }
  }
}
