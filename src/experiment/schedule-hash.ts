import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex} from '@noble/hashes/utils.js';
import type {Experiment} from './experiment.ts';
import type {Schedule} from './schedule.ts';
import {UserScript} from './schedule-users.ts';

/** Turns of each user of a closed loop that its hash covers: how many are played depends on how fast answers come. */
const hashedTurns = 64;

/** SHA-256 over the think-time and token draws of the first turns of every user, as hex. */
export function closedScheduleHash(experiment: Experiment, replication: number): string {
	const {workload} = experiment;
	if (workload.loop !== 'closed') {
		throw new TypeError('Expected a closed loop, got an open one');
	}

	const hash = sha256.create();
	for (let user = 0; user < workload.users.count; user++) {
		const script = new UserScript(experiment, replication, user);
		const turns = new Float64Array(hashedTurns * 3);
		for (let turn = 0; turn < hashedTurns; turn++) {
			turns.set([script.nextTurn(), script.promptTokens, script.outputTokens], turn * 3);
		}

		hash.update(new Uint8Array(turns.buffer));
	}

	return bytesToHex(hash.digest());
}

/** SHA-256 over every arrival and token draw of an open loop, as hex. */
export function openScheduleHash(schedule: Schedule): string {
	const hash = sha256.create();
	for (const {count, at, tenant, conversation, promptTokens, outputTokens} of schedule.blocks()) {
		for (const column of [at, tenant, conversation, promptTokens, outputTokens]) {
			hash.update(new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT));
		}
	}

	return bytesToHex(hash.digest());
}
