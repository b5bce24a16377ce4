/**
 * The backend {@code cuda}: methods of {@link akin.tensor.backend.Backend} on a {@link
 * akin.cuda.device.Device}, whatever stands behind that.
 */
package akin.cuda;
