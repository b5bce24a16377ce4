/**
 * PyTorch checkpoints, read as data. A checkpoint is a pickle, which is a program for a small stack
 * machine that can call any function of Python; here it can build dictionaries of tensors and
 * nothing else.
 */
package akin.nn.io.torch;
