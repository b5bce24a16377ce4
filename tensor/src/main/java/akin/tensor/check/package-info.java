/**
 * Proof of gradients: generators of cases for every operator, the checker that compares analytic
 * with numeric slopes, and mutations that prove the checker. And the contract of backends: {@link
 * akin.tensor.check.BackendContract}. Plain main code, so that commands run exactly what the tests
 * run.
 */
package akin.tensor.check;
