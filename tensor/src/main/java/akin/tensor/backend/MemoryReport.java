package akin.tensor.backend;

/**
 * What a backend holds: buffers in use, buffers waiting in the pool, and how many were ever made.
 *
 * @param liveBuffers buffers handed out and not released
 * @param liveBytes their size: elements times bytes of one element
 * @param pooledBytes size of the buffers waiting in the pool
 * @param allocated buffers ever made; flat after the first training step
 */
public record MemoryReport(long liveBuffers, long liveBytes, long pooledBytes, long allocated) {}
