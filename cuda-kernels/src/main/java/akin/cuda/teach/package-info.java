/**
 * Kernels shown: {@code akin kernel list}, {@code run} and {@code trace}, in the terminal and as a
 * page to project.
 */
package akin.cuda.teach;
