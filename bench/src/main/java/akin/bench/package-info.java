/**
 * Akin beside its peers. {@link akin.bench.Rows} lists the work, {@link akin.bench.Contest} has
 * every contestant do it in a process of its own, in turn, and {@link akin.bench.Table} prints who
 * was how fast. {@code bench/run} starts it.
 */
package akin.bench;
