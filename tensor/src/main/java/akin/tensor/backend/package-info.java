/** What a device must do, and the shapes and scalar functions it does it with. */
package akin.tensor.backend;
