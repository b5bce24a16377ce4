package akin.tensor;

import java.nio.charset.StandardCharsets;

/**
 * A named, counter-based stream of random numbers: element {@code i} is a function of (seed, names,
 * i) alone, so the same seed gives the same bits at any thread count, in any order, and after a
 * resume.
 *
 * <p>{@code bits(i) = splitmix64(key + (i + 1) · 0x9E3779B97F4A7C15)}; a child's key mixes the
 * parent's with the FNV-1a hash of the child's name.
 *
 * <p>Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 */
public record RandomStream(long key) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The stream of {@code name} under {@code seed}. */
  public static RandomStream of(long seed, String name) {
    return new RandomStream(splitmix64(seed + GOLDEN)).child(name);
  }

  /** The stream below this one that carries {@code name}, such as a layer's path. */
  public RandomStream child(String name) {
    return new RandomStream(splitmix64(key ^ fnv1a64(name)));
  }

  /** The stream below this one that carries number {@code n}, such as a step. */
  public RandomStream child(long n) {
    return new RandomStream(splitmix64(splitmix64(key + GOLDEN) + n * GOLDEN));
  }

  /** Element {@code i}: 64 random bits. */
  public long bits(long i) {
    return splitmix64(key + (i + 1) * GOLDEN);
  }

  /** Element {@code i}, uniform in [0, 1), a multiple of 2⁻⁵³. */
  public double uniform(long i) {
    return (bits(i) >>> 11) * 0x1p-53;
  }

  /** Element {@code i}, a whole number uniform in [0, n), for n ≥ 1. */
  public int below(long i, int n) {
    return (int) ((bits(i) >>> 33) * n >>> 31);
  }

  /** Element {@code i}, normal with mean 0 and deviation 1 (Box and Muller). */
  public double gaussian(long i) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform(2 * i)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * i + 1));
  }

  /** A permutation of 0 … n−1 (Fisher and Yates, elements drawn from this stream). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i, i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The finaliser of SplitMix64, a bijection on 64 bits. */
  public static long splitmix64(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** FNV-1a over the UTF-8 bytes of {@code text}. */
  public static long fnv1a64(String text) {
    long h = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    return h;
  }
}
