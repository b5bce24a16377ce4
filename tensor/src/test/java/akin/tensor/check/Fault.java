package akin.tensor.check;

import akin.tensor.backend.SearchForm;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One mistake that an implementer could make: the arguments are read wrongly, or the result is
 * spoilt. Faults are made mechanically from a method's parameters, so a new method has its own.
 *
 * @param name what is wrong
 * @param effect what becomes of a right result
 * @param arguments how the arguments are misread; they come back equal where it makes no difference
 * @param answer what becomes of a returned value
 */
record Fault(
    String name, Effect effect, UnaryOperator<Object[]> arguments, UnaryOperator<Object> answer) {

  /** What becomes of a right result. */
  enum Effect {
    /** It stays. */
    KEPT,
    /** Nothing is written. */
    MISSING,
    /** The last element is as it was before the call. */
    LAST_MISSING,
    /** The last element is off by a sixty-fourth. */
    LAST_OFF,
    /** Every element has ten bits of mantissa, as TF32 has. */
    COARSE,
    /** An input is written to. */
    INPUT_SPOILT,
    /** There is no result but an exception. */
    THROWN
  }

  /** All faults that {@code method} can have. */
  static List<Fault> of(Method method) {
    List<Fault> faults = new ArrayList<>();
    for (Effect effect : Effect.values()) {
      boolean answers = method.getReturnType() != void.class; // and writes nothing
      if (answers ? effect == Effect.THROWN : effect != Effect.KEPT) {
        faults.add(of(effect.toString(), effect, UnaryOperator.identity()));
      }
    }
    for (Misreading m : wrongAnswers(method.getReturnType())) {
      UnaryOperator<Object> wrong = v -> m.change.apply(new Object[] {v})[0];
      faults.add(new Fault("answer " + m.name, Effect.KEPT, UnaryOperator.identity(), wrong));
    }
    Class<?>[] types =
        Arrays.stream(method.getParameters()).map(Parameter::getType).toArray(Class<?>[]::new);
    for (Misreading m : misreadings(types)) {
      faults.add(of(m.name, Effect.KEPT, m.change));
    }
    return faults;
  }

  private static Fault of(String name, Effect effect, UnaryOperator<Object[]> arguments) {
    return new Fault(name, effect, arguments, UnaryOperator.identity());
  }

  /** A wrong way to read some values. */
  private record Misreading(String name, UnaryOperator<Object[]> change) {}

  private static List<Misreading> misreadings(Class<?>[] types) {
    List<Misreading> all = new ArrayList<>();
    all.addAll(swaps(types));
    for (int i = 0; i < types.length; i++) {
      int at = i;
      for (Misreading m : misreadings(types[i])) {
        all.add(
            new Misreading(
                types[i].getSimpleName() + " " + i + " " + m.name,
                v -> {
                  Object[] changed = v.clone();
                  changed[at] = v[at] == null ? null : m.change.apply(new Object[] {v[at]})[0];
                  return changed;
                }));
      }
    }
    return all;
  }

  private static List<Misreading> swaps(Class<?>[] types) {
    List<Misreading> all = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      for (int j = i + 1; j < types.length; j++) {
        int at = i;
        int other = j;
        if (types[i] == types[j]) {
          all.add(new Misreading("swapped " + i + " and " + j, v -> swapped(v, at, other)));
        }
      }
    }
    return all;
  }

  private static Object[] swapped(Object[] values, int i, int j) {
    Object[] changed = values.clone();
    changed[i] = values[j];
    changed[j] = values[i];
    return changed;
  }

  /** Wrong ways to read one value. */
  private static List<Misreading> misreadings(Class<?> type) {
    if (type == int.class) {
      return List.of(one("+ 1", v -> (int) v + 1), one("− 1", v -> Math.max((int) v - 1, 1)));
    }
    if (type == long.class) {
      return List.of(one("+ 1", v -> (long) v + 1), one("− 1", v -> Math.max((long) v - 1, 1)));
    }
    if (type == double.class) {
      return List.of(one("off", v -> (double) v * 1.0625 + 0.03125));
    }
    if (type == boolean.class) {
      return List.of(one("flipped", v -> !(boolean) v));
    }
    if (type == SearchForm.class) {
      return List.of(); // any form gives the same answers
    }
    if (type.isEnum()) {
      Object[] all = type.getEnumConstants();
      return List.of(one("next", v -> all[(((Enum<?>) v).ordinal() + 1) % all.length]));
    }
    if (type.isArray()) {
      return List.of(one("rotated", Fault::rotated));
    }
    if (type.isRecord()) {
      return misreadings(componentTypes(type)).stream().map(m -> inRecord(type, m)).toList();
    }
    return List.of();
  }

  private static List<Misreading> wrongAnswers(Class<?> type) {
    if (type == String.class) {
      return List.of(one("missing", v -> ""));
    }
    if (type == int.class) {
      return List.of(one("doubled", v -> 2 * (int) v));
    }
    if (type.isRecord()) {
      return swaps(componentTypes(type)).stream().map(m -> inRecord(type, m)).toList();
    }
    return List.of();
  }

  private static Misreading one(String name, UnaryOperator<Object> change) {
    return new Misreading(name, v -> new Object[] {change.apply(v[0])});
  }

  private static Object rotated(Object array) {
    int n = Array.getLength(array);
    Object changed = Array.newInstance(array.getClass().getComponentType(), n);
    for (int i = 0; i < n; i++) {
      Array.set(changed, i, Array.get(array, (i + 1) % n));
    }
    return changed;
  }

  private static Class<?>[] componentTypes(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getType)
        .toArray(Class<?>[]::new);
  }

  /** Misreads the components of a record. */
  private static Misreading inRecord(Class<?> type, Misreading m) {
    return one(
        "{" + m.name + "}",
        v -> {
          try {
            List<Object> values = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
              values.add(component.getAccessor().invoke(v));
            }
            return type.getDeclaredConstructor(componentTypes(type))
                .newInstance(m.change.apply(values.toArray()));
          } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e); // the record refuses the wrong value
          }
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
