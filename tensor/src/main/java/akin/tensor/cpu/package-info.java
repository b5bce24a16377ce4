/**
 * The processor in float32: kernels with the Vector API, each with a plain twin, and a team of
 * threads. Results have the same bits at any number of threads, interpreted or compiled.
 */
package akin.tensor.cpu;
