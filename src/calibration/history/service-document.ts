import type {HistoryFit} from './fit-history.ts';
import type {Identification} from './identification.ts';
import {rounded, type SimulatedLoad} from './simulated-load.ts';

/** Coefficient of a model file. */
type Entry = {
	readonly value: number;
	readonly unit: string;
	readonly source: string;
	readonly low?: number;
	readonly high?: number;
};

/** Requests that a pod serves at a time where nothing says so: no bound in practice. */
const unbounded = 1000;
const mostConcurrency = 1024;
const mebibyte = 2 ** 20;

/**
 * Server model of a history as a file has it, each coefficient with its interval and what it was found from.
 *
 * @param date - day, or minute in UTC, at which the history ends
 */
export function learnedService(
	fit: HistoryFit,
	load: SimulatedLoad,
	{name, date}: {readonly name: string; readonly date: string},
) {
	const {work, concurrency, history} = fit;
	return {
		apiVersion: 'replicast/v1',
		kind: 'ServerModel',
		name,
		status: work.work.isIdentified ? 'calibrated' : 'uncalibrated',
		date,
		notes: `Fitted by replicast learn to ${history.source}: ${workSentence(fit, load)}`,
		concurrency: entry(concurrency, 'requests', {
			assumed: unbounded,
			shown: value => Math.min(mostConcurrency, Math.max(1, Math.round(value))),
		}),
		threads: threadsOf(fit),
		perRequest: {value: 0, unit: 'CPU s', source: 'Part of the work of a request, which the experiment has.'},
		idleCpu: {...entry(work.idleCpu, 'cores', {assumed: 0, shown: rounded}), value: load.idleCpu},
		memory: {
			idle: entry(memoryFinding(fit), 'bytes', {assumed: 64 * mebibyte, shown: Math.round}),
			perRequest: {value: 0, unit: 'bytes', source: 'Assumed: a history does not show it.'},
		},
		...(load.uncertainty > 0 && {
			variation: {
				betweenRuns: {
					value: load.uncertainty,
					unit: '1',
					source: 'Standard error of the fitted work of a request, as a fraction of it.',
				},
			},
		}),
	};
}

/** A sentence on the work of a request, with its interval or why there is none. */
function workSentence({work: {work}}: HistoryFit, {mean, standsFor}: SimulatedLoad): string {
	if (!work.isIdentified) {
		return `the work of a request is not identified, ${work.reason}.`;
	}

	const of = standsFor > 1 ? ` (a simulated one stands for ${standsFor} and takes ${mean} CPU s)` : '';
	return `a request adds ${rounded(work.value)} CPU s, 95 % interval ${rounded(work.low)} to ${rounded(work.high)}${of}; ${work.from}.`;
}

/** Memory that fits the limits of a pod: what it uses may be rounded up. */
function memoryFinding({memory, history: {containers}}: HistoryFit): Identification {
	const limits = containers.map(({limits: {memory: limit}, requests}) => limit ?? requests.memory);
	const most = Math.min(...limits.map(limit => limit ?? Number.POSITIVE_INFINITY));
	return memory.isIdentified && memory.value > most
		? {isIdentified: false, reason: 'pods use more than a container may have, as several share it'}
		: memory;
}

function threadsOf({cpuLimit, mostCpu}: HistoryFit): Entry {
	if (cpuLimit !== undefined) {
		return {
			value: Math.max(1, Math.ceil(cpuLimit)),
			unit: 'threads',
			source: 'The CPU limit, rounded up: requests are taken to run on as many cores as there are.',
		};
	}

	const most = Number.isFinite(mostCpu) ? mostCpu : 1;
	return {
		value: Math.min(mostConcurrency, Math.max(1, Math.ceil(2 * most))),
		unit: 'threads',
		source: `Assumed: twice the ${rounded(most)} cores that a pod used at most, as it has no CPU limit.`,
	};
}

type Shown = {readonly assumed: number; readonly shown: (value: number) => number};

function entry(finding: Identification, unit: string, {assumed, shown}: Shown): Entry {
	return finding.isIdentified
		? {
				...{value: shown(finding.value), unit, source: `Learnt from ${finding.from}.`},
				...{low: rounded(finding.low), high: rounded(finding.high)},
			}
		: {value: assumed, unit, source: `Assumed; not identifiable: ${finding.reason}.`};
}
