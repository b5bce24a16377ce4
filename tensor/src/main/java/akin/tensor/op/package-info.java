/** Operators: one record, one slide each: shape rule, forward, backward. */
package akin.tensor.op;
