import {median} from 'simple-statistics';
import type {ScalingRules} from '../autoscaler/hpa-spec.ts';
import type {Distribution, Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import {closedScheduleHash, openScheduleHash} from '../experiment/schedule-hash.ts';
import {modelLoadFactor} from '../experiment/threads.ts';
import type {Arm, Recording} from '../records/record.ts';
import {headOfRun} from '../records/record-hash.ts';
import type {Timeline} from '../records/replica-line.ts';
import type {Clocks} from '../simulator/contracts.ts';
import type {ReplicationOf} from '../simulator/run.ts';
import {simulate} from '../simulator/simulate.ts';

/** Replication whose requests every replay of an experiment sends. */
const measuredReplication = 0;

type MeasuredScheduleOptions = {
	readonly arm?: Arm;
	/** Phases of the clocks; the replication's own draw when left out. */
	readonly clocks?: Clocks | undefined;
	/** Time in service [s] of the request that comes as the nth; the model's where it has none. */
	readonly serviceTimeOf?: (nth: number) => number | undefined;
	/** Replication whose draws a purpose has; the own one when left out. */
	readonly replicationOf?: ReplicationOf | undefined;
	/** Ordinal of the pod of the request that comes as the nth; balanced where it has none. */
	readonly podOf?: ((nth: number) => number | undefined) | undefined;
	/** Replicas over time that the pods are scaled to; the autoscaler's own decisions when left out. */
	readonly scaledAs?: Timeline | undefined;
};

/**
 * Simulates the measured schedule, replication by replication: only the other streams differ. Where no record has requests,
 * as one of replicas alone, nobody knows which they were: each replication draws its own, and they are not kept.
 */
export class MeasuredSchedule {
	readonly #experiment: Experiment;
	readonly #isDrawn: boolean;
	readonly #schedule: Schedule | undefined;
	#scheduleHash: string | undefined;

	constructor(experiment: Experiment, measured?: readonly {readonly recording: Recording}[]) {
		const isOpen = experiment.workload.loop === 'open';
		this.#experiment = experiment;
		this.#isDrawn = isOpen && measured?.some(({recording}) => holdsRequests(recording)) === false;
		this.#schedule = isOpen ? new Schedule(experiment, measuredReplication) : undefined;
	}

	/** Digest of the requests that a measured record has to have been measured with. */
	get scheduleHash(): string {
		this.#scheduleHash ??=
			this.#schedule === undefined
				? closedScheduleHash(this.#experiment, measuredReplication)
				: openScheduleHash(this.#schedule);
		return this.#scheduleHash;
	}

	/** Simulates one replication; its number selects every draw except the requests that are known. */
	simulate(replication: number, options: MeasuredScheduleOptions = {}): Recording {
		const {arm = 'dynamic', clocks, serviceTimeOf, replicationOf, podOf, scaledAs} = options;
		const {tables, nodes} = simulate(this.#experiment, {
			replication,
			arm,
			schedule: this.#isDrawn ? new Schedule(this.#experiment, replication) : this.#schedule,
			usersOf: measuredReplication,
			clocks,
			replicationOf,
			podOf,
			scaledAs,
			...(serviceTimeOf !== undefined && {serviceTimeOf}),
			isRecorded: this.#isDrawn ? 'without requests' : true,
		});
		const scheduleHash = this.#isDrawn ? '' : this.scheduleHash;
		return {
			head: headOfRun(this.#experiment, {engine: 'simulated', arm, replication, scheduleHash}),
			tables: tables!,
			nodes: nodes?.nodes,
		};
	}
}

/** Whether a record has the requests of its run. */
export function holdsRequests({tables}: Recording): boolean {
	return tables.requests.scheduledSeconds.length > 0;
}

/**
 * Phases of a run's clocks, from its record: a state that it began with, like its pods, not a thing to forecast.
 *
 * The metrics' scrapes are when the API had new points, in most of them within 0.1 s; the reconciles are in the record.
 */
export function clocksOf({head, tables: {samples, decisions}}: Recording, {metrics}: Experiment): Clocks {
	if (metrics === 'ideal') {
		return {};
	}

	// A record of changes alone lacks the reconciles that changed nothing.
	if (decisions.seconds.length < (leastReconciles * head.durationSeconds) / metrics.sync.period) {
		return {};
	}

	const first = decisions.seconds.find(seconds => seconds >= 0);
	return {
		scrape: phaseOf(
			samples.seconds.filter(seconds => seconds >= 0),
			metrics.scrape.period,
		),
		sync: first !== undefined && first < metrics.sync.period + longestDelay ? first : undefined,
	};
}

/** Part of the reconciles below which a record has changes of the replicas alone. */
const leastReconciles = 0.5;

/** A first reconcile that comes later than this after its period is not the first [s]. */
const longestDelay = 1;

/** The phase in [0, period) that the times have but for delays of a few: their median around the circle. */
function phaseOf(times: Float64Array, period: number): number | undefined {
	if (times.length === 0) {
		return undefined;
	}

	const turns = [...times].map(time => (2 * Math.PI * time) / period);
	const middle = Math.atan2(sum(turns.map(Math.sin)), sum(turns.map(Math.cos)));
	const offsets = [...times].map(time => offset(time - (middle / (2 * Math.PI)) * period, period));
	return modulo((middle / (2 * Math.PI)) * period + median(offsets), period);
}

/** In [−period / 2, period / 2). */
function offset(time: number, period: number): number {
	return modulo(time + period / 2, period) - period / 2;
}

function modulo(time: number, period: number): number {
	return time - Math.floor(time / period) * period;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

/**
 * Measured times in service for the simulator, by the order in which the requests came: of an open loop those of the
 * very requests. One that did not complete has none.
 */
export function measuredServiceTimes({tables}: Recording): (nth: number) => number | undefined {
	const {startedSeconds, endedSeconds, outcome} = tables.requests;
	return nth => {
		const time = outcome[nth] === 'completed' ? endedSeconds[nth]! - startedSeconds[nth]! : Number.NaN;
		return Number.isNaN(time) ? undefined : time;
	};
}

/** Pod of each request of a record, as its ordinal in the order of creation; one that no pod took has none. */
export function measuredPods({tables: {pods, requests}}: Recording): (nth: number) => number | undefined {
	const created = pods.pod.flatMap((pod, row) => (pods.event[row] === 'created' ? [pod] : []));
	const ordinals = new Map([...new Set([...created, ...pods.pod])].map((pod, ordinal) => [pod, ordinal]));
	return nth => ordinals.get(requests.pod[nth] ?? '');
}

const atOnce: ScalingRules = {
	stabilizationWindowSeconds: 0,
	selectPolicy: 'Max',
	policies: [{type: 'Pods', value: 1_000_000, periodSeconds: 15}],
};

/**
 * The experiment as a spreadsheet would have it: replicas follow ⌈replicas × use / target⌉ of the pods' true use, without
 * delays, windows or policies, and each pod starts in the same time.
 */
export function naive(experiment: Experiment): Experiment {
	const {autoscaler, deployment} = experiment;
	return {
		...experiment,
		metrics: 'ideal',
		autoscaler: autoscaler === 'none' ? 'none' : {...autoscaler, behavior: {scaleUp: atOnce, scaleDown: atOnce}},
		deployment: {
			...deployment,
			startup: {kind: 'total', total: {distribution: 'constant', value: meanStart(deployment)}},
		},
	};
}

/** Creation to Ready on average [s], half a period of the readiness probe included. */
function meanStart(deployment: Experiment['deployment']): number {
	const {startup, readiness} = deployment;
	if (startup.kind === 'total') {
		return meanOf(startup.total);
	}

	const {create, schedule, image, containers, modelLoad} = startup.stages;
	const load = modelLoadFactor(deployment) * meanOf(modelLoad);
	return [create, schedule, image, containers].reduce(
		(sum, stage) => sum + meanOf(stage),
		load + readiness.periodSeconds / 2,
	);
}

/** Mean of a distribution; clipping is left out of account. */
function meanOf(distribution: Distribution): number {
	switch (distribution.distribution) {
		case 'constant':
			return distribution.value;
		case 'uniform':
			return (distribution.min + distribution.max) / 2;
		case 'empirical': {
			const {values, weights = values.map(() => 1)} = distribution;
			const total = weights.reduce((sum, weight) => sum + weight, 0);
			return values.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total;
		}

		default:
			return distribution.mean;
	}
}
