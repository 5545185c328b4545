import type {Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import {closedScheduleHash, openScheduleHash} from '../experiment/schedule-hash.ts';
import {headOfRun} from '../records/head-of-run.ts';
import type {Arm, Recording} from '../records/record.ts';
import type {Clocks} from '../simulator/clocks.ts';
import {simulate} from '../simulator/simulate.ts';

/** The replication whose requests every replay of an experiment plays. */
const measuredReplication = 0;

export type PlayOptions = {
	readonly arm?: Arm;
	/** Phases of the clocks; the replication's own draw when left out. */
	readonly clocks?: Clocks | undefined;
	/** Time in service [s] of the request that comes as the nth; the model's where it has none. */
	readonly serviceTimeOf?: (nth: number) => number | undefined;
};

/** Plays the measured schedule in the simulator, replication by replication: only the other streams differ. */
export class Player {
	readonly #experiment: Experiment;
	readonly #schedule: Schedule | undefined;
	readonly #scheduleHash: string;

	constructor(experiment: Experiment) {
		const isOpen = experiment.workload.loop === 'open';
		this.#experiment = experiment;
		this.#schedule = isOpen ? new Schedule(experiment, measuredReplication) : undefined;
		this.#scheduleHash =
			this.#schedule === undefined
				? closedScheduleHash(experiment, measuredReplication)
				: openScheduleHash(this.#schedule);
	}

	/** Digest of the requests that a measured record has to have been played with. */
	get scheduleHash(): string {
		return this.#scheduleHash;
	}

	/** The record of one replication; its number selects every draw but that of the requests. */
	play(replication: number, {arm = 'dynamic', clocks, serviceTimeOf}: PlayOptions = {}): Recording {
		const {tables} = simulate(this.#experiment, {
			replication,
			arm,
			schedule: this.#schedule,
			usersOf: measuredReplication,
			clocks,
			...(serviceTimeOf !== undefined && {serviceTimeOf}),
			isRecorded: true,
		});
		const run = {engine: 'simulated', arm, replication, scheduleHash: this.#scheduleHash} as const;
		return {head: headOfRun(this.#experiment, run), tables: tables!};
	}
}
