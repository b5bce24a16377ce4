package akin.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * Does one row's work with ONNX Runtime and prints the figure. Arguments: ROW BY THREADS WARM
 * MEASURE MODELS.
 */
final class OrtProcess {
  private OrtProcess() {}

  public static void main(String[] args) throws Exception {
    String network = args[0].split(" ")[1];
    int batch = Integer.parseInt(args[0].replaceAll(".* b", ""));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(Integer.parseInt(args[2]));
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    String file = Path.of(args[6]).resolve(network + ".onnx").toString();
    long[] shape = {batch, 3, 224, 224};
    try (OrtSession session = environment.createSession(file, options);
        OnnxTensor x = OnnxTensor.createTensor(environment, pictures(batch), shape)) {
      Map<String, OnnxTensor> inputs = Map.of("x", x);
      Sampler.of(args).report(environment.getVersion(), () -> session.run(inputs).close(), args);
    }
  }

  private static FloatBuffer pictures(int batch) {
    float[] pixels = Numbers.unitRows(batch, 3 * 224 * 224, "pictures");
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] *= 388; // √(3·224·224): deviation 1
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * pixels.length).order(ByteOrder.nativeOrder());
    return bytes.asFloatBuffer().put(pixels).rewind();
  }
}
