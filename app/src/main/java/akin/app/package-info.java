/**
 * The command line. {@link akin.app.Main} lists the commands; each is one class that asks the rooms
 * below to do the work, prints for people through {@link akin.app.Console}, and returns one object
 * for {@code --json}.
 */
package akin.app;
