/**
 * Commands that a room adds to {@code akin} without knowing the command line: it describes them
 * here, {@code app} finds them by {@link java.util.ServiceLoader} and makes them as all others are.
 */
package akin.tensor.command;
