/**
 * Pictures and where they come from: decoding, resizing exactly as Pillow does, the readers of data
 * sets, and a cache of prepared pixels. Everything here is a host array; no tensor is made.
 */
package akin.retrieval.data;
