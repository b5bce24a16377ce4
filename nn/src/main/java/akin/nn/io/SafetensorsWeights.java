package akin.nn.io;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A safetensors file as a weight file. */
final class SafetensorsWeights implements WeightFile {
  private final Safetensors tensors;
  private final Map<String, StoredArray> entries = new LinkedHashMap<>();

  SafetensorsWeights(Path file) {
    tensors = Safetensors.open(file);
    tensors
        .tensors()
        .forEach(
            (name, tensor) ->
                entries.put(name, StoredArray.rowMajor(name, tensor.elements(), tensor.shape())));
  }

  @Override
  public Path file() {
    return tensors.file();
  }

  @Override
  public String format() {
    return "safetensors";
  }

  @Override
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, String> metadata() {
    return tensors.metadata();
  }

  @Override
  public void close() {
    tensors.close();
  }
}
