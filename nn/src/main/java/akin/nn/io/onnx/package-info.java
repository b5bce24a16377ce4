/** Initialisers of ONNX models: of the protocol buffers only the few fields that hold arrays. */
package akin.nn.io.onnx;
