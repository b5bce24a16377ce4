/** Networks that turn pictures into features. */
package akin.nn.backbone;
