package akin.retrieval;

import akin.tensor.backend.Backend;

/**
 * Where work is done and who is told.
 *
 * @param threads for work outside the backend, such as decoding; at least 1
 */
public record Session(Backend backend, int threads, Progress progress) {}
