import {median, quantile, quantileSorted} from 'simple-statistics';
import type {Distribution} from '../experiment/experiment.ts';
import type {Coefficient} from '../statistics/least-squares.ts';
import {fewest} from './fit-calibration.ts';
import type {ServiceFit} from './fit-service.ts';
import type {UseFit} from './fit-use.ts';
import {jointCovariance, type VariationFit} from './fit-variation.ts';
import {type MetricDelays, metricPeriods} from './metric-delays.ts';
import type {StartupTimes} from './startup-times.ts';

/** Most values that are listed; more are summarized by as many quantiles. */
const mostValues = 50;

/**
 * The distribution that observed times have: the values themselves, or evenly spread quantiles of many.
 *
 * @param seconds - at least one, none of them NaN
 */
export function observedDistribution(seconds: readonly number[]): Distribution {
	const sorted = seconds.toSorted((a, b) => a - b);
	const values =
		sorted.length <= mostValues
			? sorted
			: Array.from({length: mostValues}, (_, index) => quantileSorted(sorted, (index + 0.5) / mostValues));
	return {distribution: 'empirical', values: values.map(milliseconds)};
}

/** A clock's noise may put an event before its cause: that is no time. */
function milliseconds(seconds: number): number {
	return Math.max(0, Math.round(seconds * 1000) / 1000);
}

/** A model file as plain values, in the order in which it is written. */
export type ModelDocument = Readonly<Record<string, unknown>>;

/** Source of fitted values. */
export type Provenance = {
	/** Such as `2026-11-24`. */
	readonly date: string;
	/** Hashes of the records. */
	readonly records: readonly string[];
	/** Versions, model digests and cluster of the runs. */
	readonly notes: string;
	/** Measured for trying out only: nothing that is written counts as calibrated. */
	readonly isShort: boolean;
};

type Entry = {
	readonly value: unknown;
	readonly unit: string;
	readonly source: string;
	readonly low?: number;
	readonly high?: number;
};

type FittedService = {
	readonly service: ServiceFit;
	readonly variation: VariationFit;
	readonly use: UseFit;
	readonly contextTokens: number;
};

/**
 * A service model with what was fitted in the place of what was there; the rest stays as it is, source and all.
 *
 * @param base - the model file as it is
 * @param contextTokens - of all parallel slots, which hold a part of the loaded memory
 */
export function serviceDocument(
	base: ModelDocument,
	{service, variation, use, contextTokens}: FittedService,
	provenance: Provenance,
): ModelDocument {
	const {count, rSquared, residualCv, method, besideOthers} = service;
	const how =
		method === 'whole' ? 'least squares over' : "the server's own times of prompt and answer, least squares over";
	const explained = Number.isNaN(rSquared) ? 'all of the same work' : `R² ${rounded(rSquared)}`;
	const ofRequests = `${how} ${count} requests, ${explained}.`;
	const ofSlots =
		besideOthers === undefined ? ofRequests : `${besideOthers} requests, by what those alone in a pod take.`;
	const slotsSource = `work beside others in the slots of a pod, ${ofSlots}`;
	const ofSamples = `${use.count} samples of the metrics API.`;
	const [work, idleCpu, memory] = [mapOf(base['work']), mapOf(base['idleCpu']), mapOf(base['memory'])];
	return headed(base, provenance, {
		status: 'calibrated',
		work: {
			...work,
			perRequest: fitted(service.perRequest, 'CPU s', ofRequests),
			perPromptToken: fitted(service.perPromptToken, 'CPU s', ofRequests),
			perOutputToken: fitted(service.perOutputToken, 'CPU s', ofRequests),
			residualCv: entry(rounded(residualCv), '1', `spread of ${count} requests about the fit.`),
			...given('perNeighbour', service.perNeighbour, '1', `work beside pods at work, ${ofRequests}`),
			...given('sharedBySlots', service.sharedBySlots, '1', slotsSource),
			...given('backendPerRequest', use.backendPerRequest, 'CPU s', ofSamples),
		},
		idleCpu: {
			...idleCpu,
			...given('llm', use.idleLlm, 'cores', ofSamples),
			...given('backend', use.idleBackend, 'cores', ofSamples),
		},
		memory: {
			...memory,
			...given('server', use.serverMemory, 'bytes', ofSamples),
			...given('weights', weightsOf(memory, use, contextTokens), 'bytes', `${ofSamples} Less server and context.`),
			...growthOf(use, ofSamples),
			...given('backend', use.backendMemory, 'bytes', ofSamples),
			...given('backendPerRequest', use.memoryPerRequest, 'bytes', ofSamples),
		},
		...variationOf(base, variation),
		covariance: covarianceOf(service, variation, ofRequests),
	});
}

/**
 * The speed of the machine that was calibrated: it differs from run to run, and no longer from machine to machine. What
 * too few runs cannot tell stays as it was.
 */
function variationOf(base: ModelDocument, {runs, betweenRuns}: VariationFit): {readonly variation?: unknown} {
	const before = mapOf(base['variation']);
	const source = `spread of the speed of ${runs} runs beyond that of their requests.`;
	const measured =
		betweenRuns === undefined
			? Object.fromEntries(Object.entries(before).filter(([name]) => name !== 'betweenMachines'))
			: {betweenRuns: fitted(betweenRuns, '1', source), runs: entry(runs, 'runs', source)};
	return {variation: Object.keys(measured).length === 0 ? undefined : measured};
}

function covarianceOf(service: ServiceFit, variation: VariationFit, source: string): ModelDocument | undefined {
	const values = jointCovariance(service, variation);
	return values === undefined
		? undefined
		: {
				coefficients: ['perRequest', 'perPromptToken', 'perOutputToken'],
				values: values.map(row => row.map(rounded)),
				source: `${mark}${source}`,
			};
}

/** Memory of a loaded container less its server and its context: the weights. */
function weightsOf(memory: ModelDocument, use: UseFit, contextTokens: number): Coefficient | undefined {
	if (use.loadedMemory === undefined) {
		return undefined;
	}

	const server = use.serverMemory?.value ?? numberOf(memory['server']);
	const rest = server + numberOf(memory['perContextToken']) * contextTokens;
	const {value, low, high} = use.loadedMemory;
	return {value: value - rest, low: low - rest, high: high - rest};
}

function growthOf({growth, growthRequests}: UseFit, source: string): {readonly growth?: unknown} {
	if (growth === undefined || growthRequests === undefined) {
		return {};
	}

	const requests = entry(rounded(growthRequests), 'requests', source);
	return {growth: {bytes: fitted(growth, 'bytes', source), requests}};
}

/** Start-up times, and the cores that the model of their pods could use where they are the same of all. */
type FittedStartup = {readonly startup: StartupTimes; readonly startupCores?: number};

/** A start-up model with the observed stages; a stage that no pod went through stays as it is. */
export function startupDocument(
	given: ModelDocument,
	{startup: times, startupCores}: FittedStartup,
	provenance: Provenance,
): ModelDocument {
	const stage = (seconds: readonly number[]) =>
		seconds.length === 0 ? undefined : entry(observedDistribution(seconds), 's', spreadWords(seconds, 'pods'));
	const image = {distribution: 'constant', value: 0} satisfies Distribution;
	const stages = {
		create: stage(times.create),
		schedule: stage(times.schedule),
		image: times.containers.length === 0 ? undefined : entry(image, 's', 'observed together with the containers.'),
		containers: stage(times.containers),
		modelLoad: stage(times.modelLoad),
		endpoints: stage(times.endpoints),
	};
	const seen = Object.entries(stages).filter(([, value]) => value !== undefined);
	const status = times.pods < fewest.pods ? 'uncalibrated' : 'calibrated';
	const {modelLoadCores: _, ...rest} = given;
	const base = times.modelLoad.length === 0 ? given : rest; // they are those of the loads that were measured
	const cores = startupCores && entry(rounded(startupCores), 'cores', 'CPU limit of the pods that were seen to start.');
	return headed(base, provenance, {
		status,
		stages: {...mapOf(base['stages']), ...Object.fromEntries(seen)},
		...(cores !== undefined && {modelLoadCores: cores}),
	});
}

/**
 * A metrics model with the observed periods; one that was not observed stays as it is, as does the kubelet's, which is not
 * seen by itself.
 */
export function metricsDocument(base: ModelDocument, delays: MetricDelays, provenance: Provenance): ModelDocument {
	const {scrape, sync, latencies} = metricPeriods(delays);
	const gaps = (count: number) => `median of ${count} gaps over ${Math.round(delays.duration / 60)} min.`;
	return headed(base, provenance, {
		status: delays.duration < fewest.metricsSeconds ? 'uncalibrated' : 'calibrated',
		scrape: {
			...mapOf(base['scrape']),
			...(!Number.isNaN(scrape) && {period: entry(rounded(scrape), 's', gaps(delays.scrapeGaps.length))}),
		},
		sync: {
			...mapOf(base['sync']),
			...(latencies.length > 0 && {
				period: entry(sync, 's', gaps(delays.syncGaps.length)),
				latency: entry(observedDistribution(latencies), 's', spreadWords(latencies, 'reconciles')),
			}),
		},
	});
}

/** Records of an earlier calibration stay named as long as one of its values does. */
function headed(base: ModelDocument, provenance: Provenance, {status, ...fittedParts}: ModelDocument): ModelDocument {
	const {date, records, notes, isShort} = provenance;
	const {apiVersion, kind, name} = base;
	const {notes: _notes, records: earlier, status: _status, date: _date, ...rest} = base;
	const content = defined({...rest, ...fittedParts});
	const kept = Array.isArray(earlier) && keepsFit(content, base) ? earlier.map(String) : [];
	const all = [...new Set([...records, ...kept])];
	return {apiVersion, kind, name, status: isShort ? 'uncalibrated' : status, date, notes, records: all, ...content};
}

function defined(document: ModelDocument): ModelDocument {
	return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

/** Begins the source of every fitted value. */
const mark = 'Calibrated: ';

/** Whether a value that was fitted before is still there. */
function keepsFit(document: ModelDocument, base: ModelDocument): boolean {
	return Object.entries(document).some(([key, value]) => {
		const before = mapOf(base[key]);
		if (value === base[key] && String(before['source'] ?? '').startsWith(mark)) {
			return true;
		}

		return Object.keys(before).length > 0 && keepsFit(mapOf(value), before);
	});
}

function given(name: string, coefficient: Coefficient | undefined, unit: string, source: string) {
	return coefficient === undefined ? {} : {[name]: fitted(coefficient, unit, source)};
}

/** A coefficient that cannot be negative, though its interval, which holds it, may reach below 0. */
function fitted({value, low, high}: Coefficient, unit: string, source: string): Entry {
	const least = Math.max(0, rounded(value));
	const ends = Number.isNaN(low + high) ? {} : {low: rounded(low), high: Math.max(least, rounded(high))};
	return {value: least, unit, source: `${mark}${source}`, ...ends};
}

function entry(value: unknown, unit: string, source: string): Entry {
	return {value, unit, source: `${mark}${source}`};
}

function spreadWords(seconds: readonly number[], what: string): string {
	const [middle, late] = [median([...seconds]), quantile([...seconds], 0.95)];
	return `${seconds.length} ${what}: median ${rounded(middle)} s, 95th percentile ${rounded(late)} s.`;
}

function mapOf(value: unknown): ModelDocument {
	return typeof value === 'object' && value !== null ? (value as ModelDocument) : {};
}

function numberOf(value: unknown): number {
	return Number(mapOf(value)['value'] ?? 0);
}

/** Four digits. */
function rounded(value: number): number {
	return Number(value.toPrecision(4));
}
