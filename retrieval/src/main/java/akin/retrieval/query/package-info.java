/** The language in which pictures are asked for, and files of queries. */
package akin.retrieval.query;
