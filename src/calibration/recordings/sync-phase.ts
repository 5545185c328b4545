/** Phase of an autoscaler's looks within their period. */
export type SyncPhase = {
	/** Time of the first look from time 0 on [s]. */
	readonly seconds: number;
	/** Half of its 95 % interval [s]. */
	readonly margin: number;
};

/** Fewest changes that a phase is found from. */
const fewestChanges = 5;

/** Concentration of the changes on one phase, from 0 to 1, below which they have none. */
const fewestConcentration = 0.6;

/**
 * Phase on which changes of the replicas come, as an autoscaler changes them only when it looks.
 *
 * @param changes - times [s]
 * @param period - between two looks [s]
 * @returns undefined where there are too few changes, or they come at all phases
 * @see Fisher, Statistical Analysis of Circular Data (1993), 4.4.4: interval of a mean direction
 */
export function syncPhaseOf(changes: readonly number[], period: number): SyncPhase | undefined {
	if (changes.length < fewestChanges) {
		return undefined;
	}

	const angles = changes.map(at => (2 * Math.PI * at) / period);
	const mean = (of: (angle: number) => number) => angles.reduce((sum, angle) => sum + of(angle), 0) / angles.length;
	const [x, y] = [mean(Math.cos), mean(Math.sin)];
	const concentration = Math.hypot(x, y);
	if (concentration < fewestConcentration) {
		return undefined;
	}

	const direction = Math.atan2(y, x);
	const second = mean(angle => Math.cos(2 * (angle - direction)));
	const dispersion = Math.max(0, (1 - second) / (2 * concentration * concentration));
	const error = Math.asin(Math.min(1, 1.96 * Math.sqrt(dispersion / angles.length)));
	const seconds = ((((direction / (2 * Math.PI)) * period) % period) + period) % period;
	return {seconds, margin: (error / (2 * Math.PI)) * period};
}
