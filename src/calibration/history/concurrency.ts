import {mean, median, sampleStandardDeviation} from 'simple-statistics';
import type {History} from '../../records/history.ts';
import {type Identification, notIdentified} from './identification.ts';

const fewestSteps = 10;
const mostSpread = 0.15;

/** Requests that a pod serves at a time, from steps in which others waited. */
export function fitConcurrency({series, steps}: History): Identification {
	const {waiting, readyReplicas: ready} = series;
	const running = series.running ?? series.inFlight;
	if (waiting === undefined || running === undefined || ready === undefined) {
		return notIdentified('requests that wait and that run were not both recorded');
	}

	const full = Array.from({length: steps}, (_, step) => step)
		.filter(step => ready[step]! > 0 && waiting[step]! >= ready[step]! && !Number.isNaN(running[step]!))
		.map(step => running[step]! / ready[step]!);
	if (full.length < fewestSteps) {
		return notIdentified('requests hardly ever waited');
	}

	const spread = sampleStandardDeviation(full);
	if (spread > mostSpread * mean(full)) {
		return notIdentified('pods served different numbers of requests while others waited');
	}

	const half = (2 * spread) / Math.sqrt(full.length);
	const value = median(full);
	return {
		...{isIdentified: true, value, low: value - half, high: value + half},
		from: `requests under way in ${full.length} steps in which others waited`,
	};
}
