package akin.nn.io.torch;

import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The things with names that a state dict is made of, and what stands for them here. All else is
 * refused by its name.
 *
 * <p>Source: {@code torch/_utils.py} and {@code torch/serialization.py} of PyTorch.
 */
final class TorchObjects {
  /** A function or class of Python that is known here. */
  private enum Known {
    ORDERED_DICT,
    SIZE,
    TENSOR, // PyTorch before 0.4
    TENSOR_V2,
    PARAMETER
  }

  private static final Map<String, Object> NAMES =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Known.ORDERED_DICT),
          Map.entry("torch.Size", Known.SIZE),
          Map.entry("torch._utils._rebuild_tensor", Known.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Known.TENSOR_V2),
          Map.entry("torch._utils._rebuild_parameter", Known.PARAMETER),
          Map.entry("torch.nn.parameter.Parameter", Known.PARAMETER), // before 0.4, torchvision's
          Map.entry("torch.DoubleStorage", Type.F64),
          Map.entry("torch.FloatStorage", Type.F32),
          Map.entry("torch.HalfStorage", Type.F16),
          Map.entry("torch.BFloat16Storage", Type.BF16),
          Map.entry("torch.LongStorage", Type.I64),
          Map.entry("torch.IntStorage", Type.I32),
          Map.entry("torch.ShortStorage", Type.I16),
          Map.entry("torch.CharStorage", Type.I8),
          Map.entry("torch.ByteStorage", Type.U8),
          Map.entry("torch.BoolStorage", Type.BOOL));

  private final Map<String, TorchStorage> storages = new HashMap<>();

  /** What stands for {@code module.name}; a function is not called yet. */
  Object named(PickleInput in, String module, String name) {
    Object known = NAMES.get(module + "." + name);
    if (known == null) {
      throw foreign(in, module + "." + name);
    }
    return known;
  }

  private static UserError foreign(PickleInput in, String name) {
    return in.refuse(
            "it names " + printable(name) + ", which only running it could make; nothing is run")
        .mend(
            "where you trust the file, save its weights alone, in Python:"
                + " torch.save(model.state_dict(), 'weights.pth')");
  }

  static String printable(String text) {
    String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return shown.replaceAll("[\\p{Cntrl}]", "?");
  }

  /** What a known function makes of its arguments. */
  Object make(PickleInput in, Object function, List<Object> arguments) {
    if (!(function instanceof Known known)) {
      throw in.refuse("only a function is called");
    }
    int n = arguments.size();
    switch (known) {
      case ORDERED_DICT:
        return dict(in, arguments);
      case SIZE:
        need(in, n == 1 && arguments.get(0) instanceof Pickle.Tuple, known);
        return arguments.get(0);
      case TENSOR:
      case TENSOR_V2:
        need(in, n >= 4 && n <= 7, known);
        return TorchTensor.of(
            in, arguments.get(0), arguments.get(1), arguments.get(2), arguments.get(3));
      case PARAMETER:
        need(in, n >= 1 && n <= 3 && arguments.get(0) instanceof TorchTensor, known);
        return arguments.get(0);
      default:
        throw new AssertionError(known);
    }
  }

  /** Empty, or of pairs as Python 2 wrote them. */
  private static Pickle.Dict dict(PickleInput in, List<Object> arguments) {
    Pickle.Dict dict = new Pickle.Dict();
    need(
        in,
        arguments.isEmpty() || arguments.size() == 1 && arguments.get(0) instanceof Pickle.Items,
        Known.ORDERED_DICT);
    if (!arguments.isEmpty()) {
      for (Object pair : ((Pickle.Items) arguments.get(0)).items()) {
        List<Object> two =
            pair instanceof Pickle.Items items
                ? items.items()
                : pair instanceof Pickle.Tuple tuple ? tuple.items() : List.of();
        need(in, two.size() == 2, Known.ORDERED_DICT);
        dict.put(in, two.get(0), two.get(1));
      }
    }
    return dict;
  }

  private static void need(PickleInput in, boolean holds, Known function) {
    if (!holds) {
      throw in.refuse("the arguments of " + function + " are not those that torch.save writes");
    }
  }

  /**
   * The storage of a persistent id: ('storage', type, key, device, number of elements), in the
   * older format with (key of the view, offset, number of elements) of a view or None after it.
   */
  Object persistent(PickleInput in, Object id) {
    List<Object> parts = id instanceof Pickle.Tuple tuple ? tuple.items() : List.of();
    if (parts.size() < 5
        || parts.size() > 6
        || !"storage".equals(parts.get(0))
        || !(parts.get(1) instanceof Type type)
        || !(parts.get(2) instanceof String key)) {
      throw in.refuse("what lies outside of it is a storage");
    }
    long count = TorchTensor.whole(in, parts.get(4));
    TorchStorage storage = new TorchStorage(type, key, 0, count);
    TorchStorage before = storages.putIfAbsent(key, storage);
    if (before != null && !before.equals(storage)) {
      throw in.refuse("storage '" + printable(key) + "' has one type and one length");
    }
    return parts.size() == 6 && parts.get(5) != Pickle.NONE
        ? view(in, storage, parts.get(5))
        : storage;
  }

  private static TorchStorage view(PickleInput in, TorchStorage whole, Object view) {
    if (!(view instanceof Pickle.Tuple tuple) || tuple.items().size() != 3) {
      throw in.refuse("a view of a storage has a key, an offset and a length");
    }
    long begin = TorchTensor.whole(in, tuple.items().get(1));
    long count = TorchTensor.whole(in, tuple.items().get(2));
    if (begin > whole.count() || count > whole.count() - begin) {
      throw in.refuse("a view of a storage lies inside of it");
    }
    return new TorchStorage(whole.type(), whole.key(), begin, count);
  }

  /** All storages that were named, by key, whole. */
  Map<String, TorchStorage> storages() {
    return storages;
  }
}
