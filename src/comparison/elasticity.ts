import {mean} from 'simple-statistics';
import type {Experiment} from '../experiment/experiment.ts';
import type {Timeline} from '../records/replica-line.ts';
import {compareValues, type FigureComparison, type Sides} from './compare-figures.ts';
import type {Reading} from './reading.ts';
import {integrate, valueAt} from './step-line.ts';

/** SPEC's elasticity metrics, as fractions. */
export type Elasticity = {
	/** Missing pods as a share of the needed ones, averaged over the time. */
	readonly underProvisioning: number;
	/** Surplus pods as a share of the needed ones, averaged over the time. */
	readonly overProvisioning: number;
	/** Share of the time with too few. */
	readonly underTimeshare: number;
	/** Share of the time with too many. */
	readonly overTimeshare: number;
	/** Share of the steps in which supply and demand do not move alike. */
	readonly instability: number;
};

/** Step in which supply and demand are said to move alike [s]: the autoscaler's period. */
const step = 15;

/**
 * Elasticity: the distance between the serving and the needed pods; all NaN where one of the lines is empty or NaN
 * somewhere: the pods, or a request's time in service, are unknown.
 *
 * @param window - [s]
 * @see Herbst, Kounev and Reussner, Elasticity in Cloud Computing: What It Is, and What It Is Not, ICAC 2013
 */
export function elasticity(
	demand: Timeline,
	supply: Timeline,
	window: {readonly from: number; readonly to: number},
): Elasticity {
	const isKnown = [demand, supply].every(line => line.length > 0 && line.every(([, pods]) => !Number.isNaN(pods)));
	if (!isKnown) {
		const none = Number.NaN;
		return {
			underProvisioning: none,
			overProvisioning: none,
			underTimeshare: none,
			overTimeshare: none,
			instability: none,
		};
	}

	const length = window.to - window.from;
	const share = (of: (needed: number, there: number) => number) => integrate(demand, supply, of, window) / length;
	return {
		underProvisioning: share((needed, there) => Math.max(needed - there, 0) / needed),
		overProvisioning: share((needed, there) => Math.max(there - needed, 0) / needed),
		underTimeshare: share((needed, there) => (there < needed ? 1 : 0)),
		overTimeshare: share((needed, there) => (there > needed ? 1 : 0)),
		instability: instability(demand, supply, window),
	};
}

function instability(demand: Timeline, supply: Timeline, {from, to}: {from: number; to: number}): number {
	let [steps, apart] = [0, 0];
	for (let at = from; at + step <= to; at += step) {
		const moved = (line: Timeline) => Math.sign(valueAt(line, at + step) - valueAt(line, at));
		steps++;
		apart += moved(demand) === moved(supply) ? 0 : 1;
	}

	return steps === 0 ? Number.NaN : apart / steps;
}

type DemandOptions = {
	/** Time in service of a request [s]. */
	readonly serviceTime: number;
	/** Share of a pod's time that may be in use. */
	readonly targetUse: number;
	readonly least: number;
	readonly most: number;
	readonly until: number;
};

/** Arrivals are averaged over this long [s]. */
const demandWindow = 30;

/** Needed pods over time: the number that the offered load uses as much as the target says, within bounds. */
export function demandLine(arrivals: ArrayLike<number>, options: DemandOptions): Timeline {
	const {serviceTime, targetUse, least, most, until} = options;
	const counts = new Array<number>(Math.max(1, Math.ceil(until / demandWindow))).fill(0);
	for (const at of Array.from(arrivals)) {
		const index = Math.floor(at / demandWindow);
		if (index >= 0 && index < counts.length) {
			counts[index]!++;
		}
	}

	return counts.map((count, index) => {
		const needed = Math.ceil(((count / demandWindow) * serviceTime) / targetUse);
		return [index * demandWindow, Math.min(most, Math.max(least, needed))];
	});
}

/** SPEC's elasticity metrics of both sides; the pods that are needed are reckoned with the measured time in service. */
export function compareElasticity(sides: Sides, experiment: Experiment): Record<keyof Elasticity, FigureComparison> {
	const {simulated, measured, spread} = sides;
	const times = measured.flatMap(({serviceTimes}) => serviceTimes);
	const serviceTime = times.length === 0 ? Number.NaN : mean(times);
	const of = (run: Reading) => elasticityOf(run, {experiment, serviceTime});
	const [left, right, more] = [simulated.map(of), measured.map(of), spread?.map(of)];
	const compare = (name: keyof Elasticity) => {
		const read = (value: Elasticity) => value[name];
		return compareValues({unit: '1', simulated: left.map(read), measured: right.map(read), spread: more?.map(read)});
	};
	return {
		underProvisioning: compare('underProvisioning'),
		overProvisioning: compare('overProvisioning'),
		underTimeshare: compare('underTimeshare'),
		overTimeshare: compare('overTimeshare'),
		instability: compare('instability'),
	};
}

function elasticityOf(
	run: Reading,
	{experiment, serviceTime}: {experiment: Experiment; serviceTime: number},
): Elasticity {
	const {autoscaler, deployment} = experiment;
	const [least, most] =
		autoscaler === 'none'
			? [deployment.replicas ?? 1, deployment.replicas ?? 1]
			: [autoscaler.minReplicas, autoscaler.maxReplicas];
	const demand = demandLine(run.recording.tables.requests.scheduledSeconds, {
		serviceTime: serviceTime / deployment.llm.parallel,
		targetUse: targetUse(experiment),
		least,
		most,
		until: run.window.to,
	});
	return elasticity(demand, run.holds.pods ? run.lines.ready : [], run.window);
}

/** The CPU target as a fraction, at most 1: more than all of its time no pod can serve. */
function targetUse({autoscaler}: Experiment): number {
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	const cpu = metrics.find(({name, target}) => name === 'cpu' && target.type === 'Utilization');
	return cpu?.target.type === 'Utilization' ? Math.min(1, cpu.target.averageUtilization / 100) : 1;
}
