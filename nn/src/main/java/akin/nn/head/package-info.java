/** What turns features and attributes into embeddings of one space. */
package akin.nn.head;
