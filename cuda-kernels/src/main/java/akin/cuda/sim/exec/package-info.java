/**
 * Runs PTX: decodes a function once into steps over the 32 lanes of a warp, and executes grids,
 * blocks and warps in order on one thread.
 */
package akin.cuda.sim.exec;
