/** NVIDIA's driver, cuBLAS, cuDNN and NVRTC through JCuda: behind {@code --device cuda}. */
package akin.cuda.jcuda;
