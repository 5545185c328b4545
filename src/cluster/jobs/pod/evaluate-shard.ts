import {setImmediate as breathe} from 'node:timers/promises';
import {UserError} from '../../../errors.ts';
import type {Experiment} from '../../../experiment/experiment.ts';
import {requestsIn, type SharedSchedule, shareSchedule} from '../../../experiment/schedule-hash.ts';
import {asFound, evaluateCandidate, scheduleOf} from '../../../tune/evaluate-candidate.ts';
import type {CandidateFigures} from '../../../tune/figures.ts';
import {readShardRecord, shardRecord} from './shard-record.ts';
import type {ObjectStore} from './shard-work.ts';
import {
	batchName,
	readStored,
	recordName,
	type ShardBatch,
	type ShardSetup,
	setupName,
	type WorkUnit,
} from './shard-work.ts';

type Shard = {
	readonly batch: string;
	readonly index: number;
	/** SHA-256 of this program. */
	readonly program: string;
	/** A line for the log. */
	readonly report: (line: string) => void;
};

/** Largest schedule that is kept for the next unit [bytes]. */
const mostKept = 2 ** 26;

/**
 * Evaluates one shard of a batch and stores its record, unless a whole one is there already.
 *
 * @throws {UserError} E_CONFIG when the program is of another release than the work
 */
export async function evaluateShard(store: ObjectStore, {batch, index, program, report}: Shard): Promise<void> {
	const {value: setup, digest: setupDigest} = await stored<ShardSetup>(store, setupName);
	if (setup.program !== program) {
		throw new UserError('E_CONFIG', 'Expected the image to be of the release that sent the work, got one of another');
	}

	const {value: work, digest} = await stored<ShardBatch>(store, batchName(batch));
	const units = work.shards[index];
	if (units === undefined) {
		throw new RangeError(`Expected a shard below ${work.shards.length}, got ${index}`);
	}

	const identity = {setup: setupDigest, batch: digest, shard: index};
	const name = recordName(batch, index);
	if (isWhole(await store.get(name), {name, identity, units})) {
		report(`Shard ${index} of batch ${batch} has its record`);
		return;
	}

	report(`Shard ${index} of batch ${batch}: ${units.length} runs`);
	await store.put(name, shardRecord(identity, units, await evaluate(setup, work, units)));
	report('Its record is stored');
}

async function stored<Value extends ShardSetup | ShardBatch>(store: ObjectStore, name: string) {
	const text = await store.get(name);
	if (text === undefined) {
		throw new UserError('E_CLUSTER', `Expected the store to hold ${name}, got nothing of that name`);
	}

	return readStored<Value>(name, text);
}

function isWhole(
	text: string | undefined,
	{name, ...expected}: {readonly name: string} & Parameters<typeof readShardRecord>[2],
): boolean {
	try {
		return text !== undefined && readShardRecord(name, text, expected).length > 0;
	} catch {
		return false; // it is evaluated again
	}
}

async function evaluate(
	{experiment, controller}: ShardSetup,
	{scalings}: ShardBatch,
	units: readonly WorkUnit[],
): Promise<CandidateFigures[]> {
	const figures: CandidateFigures[] = [];
	let last: {readonly replication: number; readonly schedule: SharedSchedule | undefined} | undefined;
	for (const {candidate, replication} of units) {
		await breathe(); // a signal to end is heard between two runs
		if (last?.replication !== replication) {
			last = {replication, schedule: sharedScheduleOf(experiment, replication)};
		}

		const schedule = last.schedule && requestsIn(last.schedule);
		figures.push(evaluateCandidate(experiment, scalings[candidate]!, {replication, schedule, controller}));
	}

	return figures;
}

function sharedScheduleOf(experiment: Experiment, replication: number): SharedSchedule | undefined {
	const schedule = scheduleOf(asFound(experiment, replication), replication);
	return schedule && shareSchedule(schedule, mostKept);
}
