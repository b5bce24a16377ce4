/** How well a gallery is ranked for many queries, exactly and in bounded memory. */
package akin.retrieval.evaluation;
