/**
 * A machine in plain Java that runs PTX as a card would: grids, blocks, warps with divergence,
 * shared memory, barriers; it finds faults and counts what decides speed. Behind {@code --device
 * sim}.
 */
package akin.cuda.sim;
