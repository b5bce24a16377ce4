/** The memory of the imaginary card, by the addresses that kernels see. */
package akin.cuda.sim.memory;
