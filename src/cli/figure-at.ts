import type {Found} from '../audit/evidence.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Summary} from '../forecast/summary.ts';

/**
 * The figure at a path: of the summary, or after `experiment.` of the experiment itself.
 *
 * @param path - `dynamic.latencySeconds.p95`, `experiment.autoscaler.minReplicas`
 * @returns undefined when there is no number
 */
export function figureAt(path: string, experiment: Experiment, summary: Summary): Found | undefined {
	const keys = path.split('.');
	let value: unknown = summary;
	if (keys[0] === 'experiment') {
		keys.shift();
		value = experiment;
	}

	for (const key of keys) {
		const isWithin = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
		value = isWithin ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
	}

	if (typeof value === 'number') {
		return {value, low: null, high: null};
	}

	const {mean, low, high} = (typeof value === 'object' ? (value ?? {}) : {}) as Readonly<Record<string, number | null>>;
	return typeof mean === 'number' ? {value: mean, low: low ?? null, high: high ?? null} : undefined;
}
