/** PTX as text and as a model: what stands in a file, nothing about how it runs. */
package akin.cuda.sim.ptx;
