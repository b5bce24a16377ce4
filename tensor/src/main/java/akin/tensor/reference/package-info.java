/**
 * The textbook: every method of {@link akin.tensor.backend.Backend} in float64 with plain loops. It
 * is the oracle that other backends are compared with, and gradients are checked on it.
 */
package akin.tensor.reference;
