package akin.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnStatus;
import org.junit.jupiter.api.Test;

/**
 * NVIDIA's own libraries are unpacked, load by their absolute paths, and answer through JCuda. They
 * need a driver to do more, so where there is none they must say so. Runs in {@code mvn -Pcuda}.
 */
class NvidiaLibrariesTest {
  @Test
  void theProfilesLibrariesFitJcuda() {
    Redistribution jar = new Redistribution(CacheFolder.path());
    assumeTrue(jar.has(Part.CUDNN.file()), "not on the class path; mvn -Pcuda brings them");
    Libraries libraries = new Libraries(SystemFolders.places(), List.of(jar));
    libraries.load(Part.CUDNN);

    assertEquals(8, JCudnn.cudnnGetVersion() / 1000);
    assertEquals(cudnnStatus.CUDNN_STATUS_SUCCESS, JCudnn.cudnnOpsInferVersionCheck());
    assertEquals(cudnnStatus.CUDNN_STATUS_SUCCESS, JCudnn.cudnnOpsTrainVersionCheck());
    assertEquals(cudnnStatus.CUDNN_STATUS_SUCCESS, JCudnn.cudnnCnnInferVersionCheck());
    assertEquals(cudnnStatus.CUDNN_STATUS_SUCCESS, JCudnn.cudnnCnnTrainVersionCheck());
    if (libraries.place(Part.DRIVER).isEmpty()) {
      int blas = JCublas2.cublasCreate(new cublasHandle());
      assertEquals(cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED, blas);
      int dnn = JCudnn.cudnnCreate(new cudnnHandle());
      assertEquals(cudnnStatus.CUDNN_STATUS_NOT_INITIALIZED, dnn);
    }
    assertTrue(libraries.report().get(1).contains("cuda-"), libraries.report().get(1));
  }
}
