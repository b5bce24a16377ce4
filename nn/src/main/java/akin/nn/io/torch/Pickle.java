package akin.nn.io.torch;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle as data. The opcodes are those that {@code torch.save} writes in the protocols 2
 * to 5; the only things with names are those that {@link TorchObjects} knows. Every other opcode
 * and every other name is refused, unused ones too: nothing is ever looked up or called.
 *
 * <p>Values: {@link #NONE}, {@link Boolean}, {@link Long} ({@link BigInteger} beyond 64 bits),
 * {@link Double}, {@link String}, {@code byte[]}, {@link Tuple}, {@link Items}, {@link Dict}, and
 * what {@link TorchObjects} makes.
 *
 * <p>The memory taken is bounded by the pickle's length: a value that stands in many places exists
 * once. What walks the result must bound its own steps, since values may contain each other and
 * themselves.
 *
 * <p>Source: Python's {@code pickletools}.
 */
final class Pickle {
  /** Python's None. */
  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  /** A tuple. */
  record Tuple(List<Object> items) {}

  /** A list. */
  static final class Items {
    private final List<Object> items = new ArrayList<>(0);

    List<Object> items() {
      return items;
    }
  }

  /** A dictionary whose keys are texts or whole numbers (kept as text). */
  static final class Dict {
    private Map<String, Object> items = Map.of();

    Map<String, Object> items() {
      return items;
    }

    void put(PickleInput in, Object key, Object value) {
      if (!(key instanceof String || key instanceof Long)) {
        throw in.refuse("a dictionary's keys are texts or whole numbers");
      }
      if (items.isEmpty()) {
        items = new LinkedHashMap<>(); // most dictionaries, of hooks, stay empty
      }
      if (items.put(key.toString(), value) != null) {
        throw in.refuse("a key stands once in its dictionary");
      }
    }
  }

  /** Values of a hostile pickle take at most about 64 bytes each. */
  private static final int MOST_OPCODES = 1 << 23;

  private final PickleInput in;
  private final TorchObjects objects;
  private final List<Object> stack = new ArrayList<>();
  private int[] marks = new int[16];
  private int markCount;
  private final List<Object> memo = new ArrayList<>();

  private Pickle(PickleInput in, TorchObjects objects) {
    this.in = in;
    this.objects = objects;
  }

  /** Reads a pickle up to its STOP. */
  static Object read(PickleInput in, TorchObjects objects) {
    return new Pickle(in, objects).run();
  }

  private Object run() {
    for (int n = 0; n < MOST_OPCODES; n++) {
      int opcode = in.u1();
      if (opcode == '.') {
        Object result = pop();
        require(stack.isEmpty(), "one value is left at its end");
        return result;
      }
      if (!literal(opcode) && !container(opcode) && !memory(opcode)) {
        named(opcode);
      }
    }
    throw in.refuse("it has at most " + MOST_OPCODES + " opcodes");
  }

  /** None, truth, numbers, texts. */
  private boolean literal(int opcode) {
    switch (opcode) {
      case 'N' -> push(NONE);
      case 0x88 -> push(Boolean.TRUE);
      case 0x89 -> push(Boolean.FALSE);
      case 'J' -> push((long) in.i4());
      case 'K' -> push((long) in.u1());
      case 'M' -> push((long) in.u2());
      case 0x8a -> push(whole(in.bytes(in.u1())));
      case 'G' -> push(in.f8());
      case 'X' -> push(in.utf8(Integer.toUnsignedLong(in.i4())));
      case 0x8c -> push(in.utf8(in.u1()));
      case 0x8d -> push(in.utf8(in.i8()));
      case 'T' -> push(text(in.i4())); // texts of Python 2
      case 'U' -> push(text(in.u1()));
      case 'B' -> push(in.bytes(Integer.toUnsignedLong(in.i4())));
      case 'C' -> push(in.bytes(in.u1()));
      case 0x8e -> push(in.bytes(in.i8()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private String text(long length) {
    return new String(in.bytes(length), StandardCharsets.ISO_8859_1);
  }

  /** Little-endian, two's complement. */
  private static Object whole(byte[] bytes) {
    byte[] reversed = new byte[bytes.length + 1]; // a byte in front: no bytes at all mean 0
    for (int i = 0; i < bytes.length; i++) {
      reversed[bytes.length - i] = bytes[i];
    }
    reversed[0] = (byte) (bytes.length > 0 && bytes[bytes.length - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(reversed);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** Tuples, lists, dictionaries. */
  private boolean container(int opcode) {
    switch (opcode) {
      case '(' -> mark();
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(sinceMark()));
      case 0x85 -> push(new Tuple(last(1)));
      case 0x86 -> push(new Tuple(last(2)));
      case 0x87 -> push(new Tuple(last(3)));
      case ']' -> push(new Items());
      case 'a' -> append(last(1));
      case 'e' -> append(sinceMark());
      case '}' -> push(new Dict());
      case 's' -> set(last(2));
      case 'u' -> set(sinceMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void append(List<Object> values) {
    require(peek() instanceof Items, "values are appended to a list");
    ((Items) peek()).items.addAll(values);
  }

  private void set(List<Object> pairs) {
    require(peek() instanceof Dict && pairs.size() % 2 == 0, "pairs are put into a dictionary");
    for (int i = 0; i < pairs.size(); i += 2) {
      ((Dict) peek()).put(in, pairs.get(i), pairs.get(i + 1));
    }
  }

  /** The stack and the memo, where a value is kept to be named again. */
  private boolean memory(int opcode) {
    switch (opcode) {
      case 0x80 -> require(in.u1() <= 5, "the protocols 2 to 5 are known");
      case 0x95 -> in.i8(); // length of a frame: values are checked one by one
      case '0' -> pop();
      case 'q' -> remember(in.u1());
      case 'r' -> remember(in.i4());
      case 0x94 -> remember(memo.size());
      case 'h' -> push(recall(in.u1()));
      case 'j' -> push(recall(in.i4()));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Python 2 counts from 1, Python 3 from 0; nobody leaves gaps. */
  private void remember(int index) {
    require(index >= 0 && index <= memo.size() + 1, "memo entries are made in order");
    while (memo.size() <= index) {
      memo.add(null);
    }
    memo.set(index, peek());
  }

  private Object recall(int index) {
    Object value = index >= 0 && index < memo.size() ? memo.get(index) : null;
    require(value != null, "memo entry " + Integer.toUnsignedString(index) + " has been made");
    return value;
  }

  /** Things with names, and what is made with them. */
  private void named(int opcode) {
    switch (opcode) {
      case 'c' -> push(objects.named(in, in.line(), in.line()));
      case 0x93 -> {
        List<Object> names = last(2);
        require(
            names.get(0) instanceof String && names.get(1) instanceof String, "names are texts");
        push(objects.named(in, (String) names.get(0), (String) names.get(1)));
      }
      case 'Q' -> push(objects.persistent(in, pop()));
      case 'R' -> {
        Object arguments = pop();
        require(arguments instanceof Tuple, "arguments are a tuple");
        push(objects.make(in, pop(), ((Tuple) arguments).items()));
      }
      case 'b' -> {
        // Attributes beside a dictionary's items, such as _metadata with version numbers; whether a
        // parameter wants a gradient.
        Object state = pop();
        require(
            peek() instanceof Dict || peek() instanceof TorchTensor && state instanceof Tuple,
            "only a dictionary or a parameter has a state");
      }
      default ->
          throw in.refuse("its opcode 0x%02x is none that a state dict needs".formatted(opcode));
    }
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object peek() {
    return top(false);
  }

  private Object pop() {
    return top(true);
  }

  private Object top(boolean take) {
    require(stack.size() > floor(), "a value is there when it is needed");
    return take ? stack.remove(stack.size() - 1) : stack.get(stack.size() - 1);
  }

  /** Values below the last mark are not at hand. */
  private int floor() {
    return markCount == 0 ? 0 : marks[markCount - 1];
  }

  private void mark() {
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = stack.size();
  }

  private List<Object> sinceMark() {
    require(markCount > 0, "a mark is there when it is needed");
    int from = marks[--markCount];
    return take(stack.subList(from, stack.size()));
  }

  private List<Object> last(int n) {
    require(stack.size() - n >= floor(), n + " values are there when they are needed");
    return take(stack.subList(stack.size() - n, stack.size()));
  }

  private static List<Object> take(List<Object> tail) {
    List<Object> values = List.of(tail.toArray());
    tail.clear();
    return values;
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw in.refuse(rule);
    }
  }
}
