package akin.nn.io.torch;

import akin.nn.io.Safetensors.Type;

/**
 * A run of numbers that tensors are views of.
 *
 * @param type how each is stored
 * @param key its name in the checkpoint
 * @param begin where it begins in the storage of that name, in elements (storages that are views of
 *     others are known to the older format only)
 * @param count its number of elements
 */
record TorchStorage(Type type, String key, long begin, long count) {}
