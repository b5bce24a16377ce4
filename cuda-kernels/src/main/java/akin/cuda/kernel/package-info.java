/** The CUDA sources of Akin's own kernels, and their PTX. */
package akin.cuda.kernel;
