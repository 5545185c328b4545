import {RandomStream} from '../../engine/random-stream.ts';
import {gammaSampler} from '../draw-distribution.ts';
import type {Experiment, ServiceModel} from '../experiment.ts';
import type {CoefficientSpread, Variation} from './spread.ts';

/** Parts of a run that are not known beforehand, beside its own randomness. */
export const uncertainParts = ['coefficients', 'machine', 'load'] as const;
export type UncertainPart = (typeof uncertainParts)[number];

/** Speed, coefficients and load of one real run, which a forecast of the mean leaves at their most likely values. */
export type RunConditions = {
	/** Factor on all times in service: 1 as the model has it, above 1 slower. */
	readonly speed: number;
	/** Coefficients of the work instead of the model's, in the order of `fittedCoefficients` [CPU s]. */
	readonly coefficients?: readonly number[];
	/** Part of the work that the slots of a pod share, instead of the model's. */
	readonly sharedBySlots?: number;
	/** Factor on the rate of the requests. */
	readonly load: number;
};

/** A factor on times is no further from 1 than this, whatever is drawn: a run ends. */
const mostFactor = 20;

/** Parts of which an experiment and its models give a distribution. */
export function uncertaintyOf({deployment, workload}: Experiment): UncertainPart[] {
	const {service} = deployment;
	const {betweenRuns = 0, betweenMachines = 0} = variationOf(service);
	const has: Readonly<Record<UncertainPart, boolean>> = {
		coefficients: coefficientSpread(service) !== undefined || slotsSpread(deployment) !== undefined,
		machine: betweenRuns > 0 || betweenMachines > 0,
		load: (workload.uncertainty?.rate ?? 0) > 0,
	};
	return uncertainParts.filter(part => has[part]);
}

/**
 * Draws the conditions of one run. Each part has a random stream of its own, keyed by seed and replication, so that two
 * settings are compared under the same conditions and a part that is left out changes no other draw.
 *
 * @param parts - that are drawn; the others are as the models have them
 */
export function drawConditions(
	experiment: Experiment,
	replication: number,
	parts: readonly UncertainPart[] = uncertainParts,
): RunConditions {
	const {seed, deployment, workload} = experiment;
	const stream = (purpose: string) => new RandomStream({seed, replication, purpose});
	const {service} = deployment;
	const hasCoefficients = parts.includes('coefficients');
	const spread = hasCoefficients ? coefficientSpread(service) : undefined;
	const ofSlots = hasCoefficients ? slotsSpread(deployment) : undefined;
	const {rate = 0} = (parts.includes('load') ? workload.uncertainty : undefined) ?? {};
	return {
		speed: parts.includes('machine') ? drawSpeed(variationOf(service), stream) : 1,
		...(spread !== undefined &&
			service.kind === 'work' && {coefficients: drawJointly(service, spread, stream('coefficients of the work'))}),
		...(ofSlots !== undefined && {sharedBySlots: drawPart(ofSlots, stream('work that slots share'))}),
		load: rate === 0 ? 1 : 1 + rate * (2 * stream('load of the run').uniform() - 1),
	};
}

function variationOf(service: ServiceModel): Variation {
	return (service.kind === 'time' ? undefined : service.variation) ?? {};
}

function coefficientSpread(service: ServiceModel): CoefficientSpread | undefined {
	return service.kind === 'work' ? service.spread : undefined;
}

/** Part of the work that the slots of a pod share, with its standard deviation; undefined where it is not known, or no slot has another. */
function slotsSpread({service, llm}: Experiment['deployment']): {part: number; deviation: number} | undefined {
	return service.kind === 'work' && llm.parallel > 1 && service.sharedBySlotsDeviation !== undefined
		? {part: service.sharedBySlots ?? 0, deviation: service.sharedBySlotsDeviation}
		: undefined;
}

function drawPart({part, deviation}: {part: number; deviation: number}, stream: RandomStream): number {
	return Math.min(1, Math.max(0, part + deviation * stream.normal()));
}

function drawSpeed(
	{betweenRuns = 0, betweenMachines = 0, runs}: Variation,
	stream: (purpose: string) => RandomStream,
): number {
	const ofRun = betweenRuns === 0 ? 0 : betweenRuns * drawStudent(stream('speed of the run'), runs);
	const ofMachine = betweenMachines === 0 ? 0 : betweenMachines * stream('speed of the machine').normal();
	return Math.min(mostFactor, Math.max(1 / mostFactor, Math.exp(ofRun + ofMachine)));
}

/** A deviation in units of a standard deviation that was itself estimated from so many runs; normal where it was not. */
function drawStudent(stream: RandomStream, runs: number | undefined): number {
	const normal = stream.normal();
	if (runs === undefined) {
		return normal;
	}

	const degreesOfFreedom = runs - 1;
	return normal / Math.sqrt(gammaSampler(1, Math.sqrt(2 / degreesOfFreedom))(stream));
}

/** Coefficients about the fitted ones, none of them near 0. */
function drawJointly(
	{perRequest, perPromptToken, perOutputToken}: Extract<ServiceModel, {kind: 'work'}>,
	{covariance}: CoefficientSpread,
	stream: RandomStream,
): number[] {
	const normals = covariance.map(() => stream.normal());
	const root = choleskyOf(covariance);
	return [perRequest, perPromptToken, perOutputToken].map((value, row) =>
		Math.max(
			value / mostFactor,
			root[row]!.reduce((sum, entry, column) => sum + entry * normals[column]!, value),
		),
	);
}

/** Lower triangle whose product with its transpose is the matrix; a direction without variance has none in it. */
function choleskyOf(matrix: readonly (readonly number[])[]): number[][] {
	const root = matrix.map(row => row.map(() => 0));
	for (const [i, row] of matrix.entries()) {
		for (let j = 0; j <= i; j++) {
			const rest = root[j]!.slice(0, j).reduce((sum, entry, k) => sum - entry * root[i]![k]!, row[j]!);
			const pivot = root[j]![j]!;
			root[i]![j] = i === j ? Math.sqrt(Math.max(0, rest)) : pivot === 0 ? 0 : rest / pivot;
		}
	}

	return root;
}
