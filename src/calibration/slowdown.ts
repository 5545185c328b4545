import {type Coefficient, leastSquares} from '../statistics/least-squares.ts';
import type {ServiceObservation} from './service-observations.ts';

/** Effects of what runs beside a request on the time that its work takes. */
export type Slowdown = {
	/** Part of it that each other pod at work adds; absent where their number hardly varies. */
	readonly perNeighbour?: Coefficient;
	/** Part of the work that requests in the slots of one pod do together; absent where their number hardly varies. */
	readonly sharedBySlots?: Coefficient;
};

type Beside = 'neighbours' | 'companions';

/** Smallest range of the number of others for fitting their effect, and observations at each end of it. */
const leastSpread = 1;
const fewestBeside = 5;
/** Turns in which two effects are fitted, each without the other. */
const turns = 4;

/** Fits the effects that the observations tell, together with what their tokens take. */
export function fitSlowdown(observations: readonly ServiceObservation[]): Slowdown {
	const [ofPods, ofSlots] = [besideVaries(observations, 'neighbours'), besideVaries(observations, 'companions')];
	let found: Slowdown = {};
	for (let turn = 0; turn < (ofPods && ofSlots ? turns : 1); turn++) {
		if (ofSlots) {
			const {sharedBySlots: _, ...others} = found;
			found = {...others, sharedBySlots: sharedOf(besideTerm(observations, 'companions', others))};
		}

		if (ofPods) {
			const {perNeighbour: _, ...others} = found;
			found = {...others, perNeighbour: besideTerm(observations, 'neighbours', others)};
		}
	}

	return found;
}

function besideVaries(observations: readonly ServiceObservation[], beside: Beside): boolean {
	const sorted = observations.map(one => one[beside] ?? 0).sort((a, b) => a - b);
	const [few, many] = [sorted[fewestBeside], sorted.at(-fewestBeside)];
	return few !== undefined && many !== undefined && many - few >= leastSpread;
}

/**
 * Fits what requests gain by sharing a pod, where the work of each by itself is known.
 *
 * @param known.slowdown - by other pods
 * @param known.workOf - work of a request with nothing beside it [CPU s]
 * @returns without the part where too few requests had companions
 */
export function fitGain(
	observations: readonly ServiceObservation[],
	{slowdown, workOf}: {readonly slowdown: Slowdown; readonly workOf: (observation: ServiceObservation) => number},
): Pick<Slowdown, 'sharedBySlots'> {
	const shared = observations.filter(({companions = 0}) => companions > 0);
	if (shared.length < fewestBeside) {
		return {};
	}

	const alone = shared.map(one => workOf(one) * podsFactor(one, slowdown));
	const {coefficients} = leastSquares(
		shared.map(({companions = 0}, row) => [alone[row]! * companions]),
		shared.map(({work}, row) => work - alone[row]!),
	);
	return {sharedBySlots: sharedOf(coefficients[0]!)};
}

/** Each other request adds the part of the work that is not done together. */
function sharedOf({value, low, high}: Coefficient): Coefficient {
	return {value: Math.min(1, Math.max(0, 1 - value)), low: 1 - high, high: 1 - low};
}

/** Steps of Gauss and Newton; a few bring the part to its last digit. */
const steps = 8;

/**
 * Part of a request's work that each one beside it adds.
 *
 * @param known - effects that are taken off before
 */
function besideTerm(given: readonly ServiceObservation[], beside: Beside, known: Slowdown): Coefficient {
	const observations = given.map(one => ({
		...one,
		work: one.work / (beside === 'companions' ? podsFactor(one, known) : slotsFactor(one, known)),
		count: one[beside] ?? 0,
	}));
	const works = observations.map(({work}) => work);
	const columns = (['promptTokens', 'outputTokens'] as const).filter(
		name => new Set(observations.map(one => one[name])).size > 1,
	);
	let part: Coefficient = {value: 0, low: 0, high: 0};
	for (let step = 0; step < steps; step++) {
		const slowed = observations.map(one => {
			const by = 1 + part.value * one.count;
			return [by, ...columns.map(name => by * one[name])];
		});
		const {residuals} = leastSquares(slowed, works);
		const alone = observations.map((one, row) => (works[row]! - residuals[row]!) / (1 + part.value * one.count));
		const {coefficients} = leastSquares(
			slowed.map((row, index) => [alone[index]! * observations[index]!.count, ...row]),
			residuals,
		);
		const {value, low, high} = coefficients[0]!;
		part = {value: part.value + value, low: part.value + low, high: part.value + high};
	}

	return part;
}

/** The observation as it would be with nothing beside it. */
export function withoutSlowdown(observation: ServiceObservation, slowdown: Slowdown): ServiceObservation {
	const by = 1 / slowdownOf(observation, slowdown);
	const {parts} = observation;
	return {
		...observation,
		work: observation.work * by,
		...(parts !== undefined && {
			parts: {prompt: parts.prompt * by, output: parts.output * by, rest: parts.rest * by},
		}),
	};
}

/**
 * Factor on a request's work by what ran beside it: other pods at work, which make nothing quicker, and other requests in
 * its pod, which share its speed.
 */
export function slowdownOf(observation: ServiceObservation, slowdown: Slowdown): number {
	return podsFactor(observation, slowdown) * slotsFactor(observation, slowdown);
}

function podsFactor({neighbours}: ServiceObservation, {perNeighbour}: Slowdown): number {
	return 1 + Math.max(0, perNeighbour?.value ?? 0) * neighbours;
}

function slotsFactor({companions = 0}: ServiceObservation, {sharedBySlots}: Slowdown): number {
	return 1 + (1 - (sharedBySlots?.value ?? 0)) * companions;
}
