/** Layers: what a network is built of, its parameters and their names. */
package akin.nn;
