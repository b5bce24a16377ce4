/**
 * What a training step sees: which pictures make up a batch, and which attribute rows stand against
 * them as negatives. Every draw is a function of the seed and of its place (epoch, step, element)
 * alone, so training resumes anywhere bit for bit and does not depend on the number of threads.
 */
package akin.retrieval.sample;
