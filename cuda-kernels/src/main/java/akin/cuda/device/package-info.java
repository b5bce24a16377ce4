/**
 * The narrow waist of the cuda room: what the backend needs of a card, of cuBLAS and of cuDNN. Two
 * things stand behind it: NVIDIA's libraries ({@code akin.cuda.jcuda}) and a PTX machine with plain
 * loops ({@code akin.cuda.sim}).
 */
package akin.cuda.device;
