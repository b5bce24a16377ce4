/**
 * The list of operators that inference runs: what a trace makes, and the passes that shorten it.
 * {@link akin.tensor.Plan} runs it.
 */
package akin.tensor.plan;
