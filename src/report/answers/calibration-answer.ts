import {median} from 'simple-statistics';
import type {Calibration} from '../../calibration/fit-calibration.ts';
import {shellWord} from '../../printable.ts';
import {counted, formatMean, seconds, significant} from '../text/format.ts';

type Fitted = {
	readonly calibration: Calibration;
	readonly written: readonly string[];
	readonly warnings: readonly string[];
};

/** Answer of a calibration: coefficients with their intervals, how well they fit, what the records do not show, the next command. */
export function calibrationAnswer({calibration, written, warnings}: Fitted): string[] {
	const {service, startup, metrics} = calibration;
	const {perRequest, perPromptToken, perOutputToken, count, rSquared, residualCv} = service;
	const fit = Number.isNaN(rSquared)
		? `${counted(count, 'request')} of equal work`
		: `${counted(count, 'request')}, of whose differences in work the fit explains ${significant(rSquared * 100)} %`;
	const starts = known(startup.containers, startup.modelLoad);
	const lacking = [
		...missingUse(calibration.use),
		...(service.perNeighbour === undefined ? ['how much pods on one node slow each other down'] : []),
		...(service.sharedBySlots === undefined ? ['what parallel slots gain (--slots 1,2,4)'] : []),
		...(metrics.ages.length === 0 ? ['how old metrics are'] : []),
		...(starts === undefined ? ['how long a pod takes to start'] : []),
	];
	return [
		`A request takes ${interval(perRequest)} CPU-seconds, ${interval(perPromptToken)} more for each prompt token and ${interval(perOutputToken)} for each output token (95 % intervals).`,
		`The fit is of ${fit}; a single request is off by ${significant(residualCv * 100)} %.${starts === undefined ? '' : ` ${starts}`}`,
		...slotLines(service.sharedBySlots),
		...(lacking.length === 0 ? [] : [`Not shown by these records, so left as it was: ${lacking.join(', ')}.`]),
		...warnings.map(warning => `Trust it less: ${warning}.`),
		...nextLines(written),
	];
}

/** Gain of several busy slots over one. */
function slotLines(shared: Calibration['service']['sharedBySlots']): string[] {
	if (shared === undefined) {
		return [];
	}

	const gain = (slots: number) => significant(slots / (slots - shared.value * (slots - 1)));
	return [
		`The slots of a pod do ${interval(shared)} of their work together: with 2 busy a pod gets ${gain(2)} times as much done as with one, with 4 busy ${gain(4)} times.`,
	];
}

function known(containers: readonly number[], modelLoad: readonly number[]): string | undefined {
	const parts = [
		...(containers.length === 0 ? [] : [`containers run ${middle(containers)} after a pod is bound to a node`]),
		...(modelLoad.length === 0 ? [] : [`the model is loaded in ${middle(modelLoad)}`]),
	];
	return parts.length === 0 ? undefined : `In the median ${parts.join(', and ')}.`;
}

function middle(times: readonly number[]): string {
	return formatMean(median([...times]), seconds);
}

const useWords = {
	idleLlm: 'CPU of the idle LLM',
	busyLlm: 'share of its cores that the LLM uses at work',
	idleBackend: 'CPU of the idle backend',
	backendPerRequest: 'CPU of the backend for a request',
	serverMemory: 'memory before the model is loaded',
	loadedMemory: 'memory of the loaded model',
	growth: 'growth of memory with use',
	backendMemory: 'memory of the backend',
} as const;

function missingUse(use: Calibration['use']): string[] {
	return Object.entries(useWords).flatMap(([name, words]) =>
		use[name as keyof typeof useWords] === undefined ? [words] : [],
	);
}

function interval({value, low, high}: {readonly value: number; readonly low: number; readonly high: number}): string {
	return Number.isNaN(low + high)
		? significant(value)
		: `${significant(value)} [${significant(low)}, ${significant(high)}]`;
}

/** Files that were written, and a command that tries the service model. */
function nextLines(written: readonly string[]): string[] {
	const [service] = written;
	return service === undefined
		? []
		: [
				`Written: ${written.join(', ')}.`,
				`Next: replicast compare EXPERIMENT --set deployment.service=${shellWord(service)}, with records that these models have not seen`,
			];
}
