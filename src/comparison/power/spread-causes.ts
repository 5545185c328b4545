import {drawConditions, uncertaintyOf} from '../../experiment/conditions/draw-conditions.ts';
import {underConditions} from '../../experiment/conditions/under-conditions.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Recording} from '../../records/record.ts';
import type {Clocks} from '../../simulator/contracts.ts';
import {unknownSpeed} from '../machines/speed.ts';
import {clocksOf, MeasuredSchedule, measuredPods, measuredServiceTimes} from '../measured-schedule.ts';

/** Causes for which runs of one experiment with the same requests differ. */
export const spreadCauses = ['balancing', 'times in service', 'start-up', 'clocks', 'machine'] as const;
export type SpreadCause = (typeof spreadCauses)[number];

/** Random streams of the simulator by cause. */
const purposes: Readonly<Record<Exclude<SpreadCause, 'machine'>, readonly string[]>> = {
	balancing: ['balancing'],
	'times in service': ['service'],
	'start-up': ['startup', 'create', 'uid'],
	clocks: ['scrape', 'sync', 'housekeeping', 'disruption'],
};

/** Replication whose draws a cause has in every run while it is held. */
const heldReplication = 0;

/** Causes that are held in a simulated run: the same in every one, or as a record has it. */
type Held = {
	readonly causes: readonly SpreadCause[];
	/** Record whose times in service, pods of the requests and clocks the held causes have. */
	readonly record?: Recording | undefined;
	/** Whether the machine is held as far as probes tell its speed, and not for sure. */
	readonly isProbed?: boolean;
};

/** Parts of the prediction that are the machine. */
const machineParts = ['coefficients', 'machine'] as const;

/** Causes that an experiment has: the machine only where its models say how it varies. */
export function causesIn(experiment: Experiment): SpreadCause[] {
	const hasMachine = uncertaintyOf(experiment).some(part => machineParts.some(own => own === part));
	return spreadCauses.filter(cause => cause !== 'machine' || hasMachine);
}

/** Simulates the measured requests while some causes are held, replication by replication. */
export class HeldRuns {
	readonly #experiment: Experiment;
	readonly #schedule: MeasuredSchedule;

	constructor(experiment: Experiment) {
		this.#experiment = experiment;
		this.#schedule = new MeasuredSchedule(experiment);
	}

	simulate(replication: number, {causes, record, isProbed = false}: Held): Recording {
		const holds = (cause: SpreadCause) => causes.includes(cause);
		const isRecorded = (cause: SpreadCause) => record !== undefined && holds(cause);
		const held = causes.flatMap(cause => (cause === 'machine' ? [] : purposes[cause]));
		const clocks: Clocks | undefined = isRecorded('clocks') ? clocksOf(record!, this.#experiment) : undefined;
		return this.#scheduleOf(replication, {isHeld: holds('machine'), isProbed}).simulate(replication, {
			clocks,
			replicationOf: purpose => (held.includes(purpose) ? heldReplication : undefined),
			...(isRecorded('times in service') && {serviceTimeOf: measuredServiceTimes(record!)}),
			...(isRecorded('balancing') && {podOf: measuredPods(record!)}),
		});
	}

	#scheduleOf(
		replication: number,
		{isHeld, isProbed}: Readonly<Record<'isHeld' | 'isProbed', boolean>>,
	): MeasuredSchedule {
		const experiment = this.#experiment;
		if ((isHeld && !isProbed) || !causesIn(experiment).includes('machine')) {
			return this.#schedule;
		}

		const drawn = drawConditions(experiment, replication, isHeld ? ['machine'] : machineParts);
		const speed = isHeld ? Math.exp(Math.log(drawn.speed) * unknownSpeed(experiment)) : drawn.speed;
		return new MeasuredSchedule(underConditions(experiment, {...drawn, speed}));
	}
}
