/** Random changes of training pictures, each a record that recipes name by its kind. */
package akin.retrieval.data.augment;
