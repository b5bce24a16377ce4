/** HDF5 files of Keras, and what its networks are called and shaped elsewhere. */
package akin.nn.io.keras;
