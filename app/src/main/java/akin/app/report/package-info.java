/**
 * Pages and pictures for people: a {@link akin.app.report.Report} is one HTML file that needs
 * nothing else, made of {@link akin.app.report.Block}s.
 */
package akin.app.report;
