package akin.cuda.sim.memory;

/**
 * What is wrong with an access.
 *
 * @param kind of fault
 * @param text the address and what lies there
 */
public record Problem(FaultKind kind, String text) {}
