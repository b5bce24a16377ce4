/** Those who look on while the PTX machine runs: they find faults and count what decides speed. */
package akin.cuda.sim.observe;
