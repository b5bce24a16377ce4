/** Gradient cases and laws of losses, for tests and for the command line. */
package akin.nn.check;
