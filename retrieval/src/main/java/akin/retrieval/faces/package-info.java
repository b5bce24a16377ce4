/**
 * Draws faces whose attributes are known, in CelebA's layout and with CelebA's attribute names: a
 * data set for demonstrations that needs no download and no licence. Shapes only, no fonts.
 */
package akin.retrieval.faces;
