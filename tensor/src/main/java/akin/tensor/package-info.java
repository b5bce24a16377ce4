/** Tensors, scopes and the tape. */
package akin.tensor;
