package akin.nn.io;

import akin.nn.io.keras.KerasWeights;
import akin.nn.io.onnx.OnnxModel;
import akin.nn.io.torch.TorchArchive;
import akin.nn.io.torch.TorchLegacy;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Tells by a file's first bytes what it is. */
final class WeightFormat {
  private static final int HEAD = 512;
  private static final String KNOWN =
      "weights are safetensors, a PyTorch checkpoint (.pth, .pt), NumPy's .npz or .npy, Keras' .h5,"
          + " or ONNX";

  /** What is often taken for a weight file: how it begins, what it is, what to do. */
  private record Stranger(String begin, String what, String mend) {}

  private static final List<Stranger> STRANGERS =
      List.of(
          new Stranger(
              "version https://git-lfs",
              "a pointer of Git LFS, not the file it stands for",
              "fetch the file itself: git lfs pull"),
          new Stranger("\u001f\u008b", "compressed by gzip", "unpack it first: gunzip"),
          new Stranger("BZh", "compressed by bzip2", "unpack it first: bunzip2"),
          new Stranger("\u00fd7zXZ", "compressed by xz", "unpack it first: unxz"),
          new Stranger("7z\u00bc\u00af", "an archive of 7-Zip", "unpack it first"),
          new Stranger("Rar!", "a RAR archive", "unpack it first"),
          new Stranger("GGUF", "a GGUF file", "take the model's safetensors"),
          new Stranger("\u00ff\u00d8\u00ff", "a JPEG picture", "give the weight file"),
          new Stranger("\u0089PNG", "a PNG picture", "give the weight file"),
          new Stranger("%PDF", "a PDF document", "give the weight file"));

  private WeightFormat() {}

  static WeightFile open(Path file) {
    byte[] head = head(file);
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("PK\3\4") || start.startsWith("PK\5\6")) {
      return openArchive(file);
    }
    if (head.length >= 9 && head[8] == '{' && head[4] == 0 && head[5] == 0) {
      return new SafetensorsWeights(file);
    }
    if (start.startsWith(TorchLegacy.BEGIN)) {
      return openChannel(file, TorchLegacy::open);
    }
    if (start.startsWith(NpyHeader.BEGIN)) {
      return openChannel(file, NumpyWeights::open);
    }
    if (start.startsWith(KerasWeights.BEGIN)) {
      return openChannel(file, KerasWeights::open);
    }
    if (OnnxModel.begins(head)) {
      return openChannel(file, OnnxModel::open);
    }
    throw stranger(file, start);
  }

  /** Opens a channel that lives as long as what is made of it. */
  private static WeightFile openChannel(Path file, FromChannel format) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file);
      FileChannel open = channel;
      return format.open(
          file, ByteSource.of(open, file), open.size(), () -> Safetensors.closeQuietly(open));
    } catch (IOException e) {
      Safetensors.closeQuietly(channel);
      throw unreadable(file, e);
    } catch (RuntimeException | Error e) {
      Safetensors.closeQuietly(channel);
      throw e;
    }
  }

  @FunctionalInterface
  private interface FromChannel {
    WeightFile open(Path file, ByteSource source, long size, Runnable closing);
  }

  private static WeightFile openArchive(Path file) {
    Archive archive = new Archive(file);
    try {
      if (TorchArchive.is(archive)) {
        return TorchArchive.open(archive, Files.size(file));
      }
      if (NumpyWeights.is(archive)) {
        return NumpyWeights.open(archive, Files.size(file));
      }
      throw unknown(file, "a zip archive of " + some(archive.names()))
          .mend("unpack it, and give the weight file inside");
    } catch (IOException e) {
      archive.close();
      throw unreadable(file, e);
    } catch (RuntimeException | Error e) {
      archive.close();
      throw e;
    }
  }

  private static String some(List<String> names) {
    int most = 3;
    return names.isEmpty()
        ? "nothing"
        : String.join(", ", names.subList(0, Math.min(most, names.size())))
            + (names.size() > most ? " …" : "");
  }

  /** The first bytes; at least one. */
  private static byte[] head(Path file) {
    if (Files.isDirectory(file)) {
      throw unknown(file, "a folder").mend("give a file in it");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() == 0) {
        throw unknown(file, "empty").mend("copy or make it again");
      }
      ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD, channel.size()));
      Safetensors.fill(channel, head, 0, file);
      return head.array();
    } catch (NoSuchFileException e) {
      throw UserError.of("there is no such file").at(file).because(e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static UserError stranger(Path file, String start) {
    for (Stranger stranger : STRANGERS) {
      if (start.startsWith(stranger.begin())) {
        return unknown(file, stranger.what()).mend(stranger.mend());
      }
    }
    String text = start.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("<") || text.startsWith("\u00ef\u00bb\u00bf<")) {
      return unknown(file, "a web page: \"" + line(start) + "\"")
          .mend("fetch the file itself; open this one in a browser to see what went wrong");
    }
    if (start.length() > 262 && start.startsWith("ustar", 257)) {
      return unknown(file, "a tar archive, which PyTorch wrote before 0.1.10")
          .mend("load and save it with a newer PyTorch, or unpack it if it only wraps the file");
    }
    if (start.startsWith("TFL3", 4)) {
      return unknown(file, "a TensorFlow Lite model").mend("take the model's original weights");
    }
    if (start.charAt(0) == 0x80) {
      return unknown(file, "a Python pickle, but no PyTorch checkpoint")
          .mend("save the arrays by torch.save, numpy.savez or safetensors");
    }
    boolean readable =
        start.chars().allMatch(c -> c >= ' ' && c <= '~' || Character.isWhitespace(c));
    return readable
        ? unknown(file, "a text: \"" + line(start) + "\"").mend("give the weight file")
        : unknown(file, "a file that begins with " + hex(start)).mend("give the weight file");
  }

  private static String line(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    String shown = line.length() > 60 ? line.substring(0, 60) + "…" : line;
    return shown.replaceAll("[^ -~…]", "?");
  }

  private static String hex(String start) {
    StringBuilder hex = new StringBuilder("bytes");
    start.chars().limit(8).forEach(c -> hex.append(String.format(" %02x", c)));
    return hex.toString();
  }

  private static UserError unknown(Path file, String looksLike) {
    return UserError.of("not a weight file: it is " + looksLike).at(file).rule(KNOWN);
  }

  private static UserError unreadable(Path file, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return UserError.of("cannot read the file: " + reason).at(file).because(e);
  }
}
