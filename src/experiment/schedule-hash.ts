import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex} from '@noble/hashes/utils.js';
import type {Experiment} from './experiment.ts';
import type {RequestBlocks, ScheduleBlock} from './schedule.ts';
import {UserScript} from './schedule-users.ts';

/**
 * Turns of each user of a closed loop that its hash covers: the number of turns in a run depends on how fast answers
 * come.
 */
const hashedTurns = 64;

/** SHA-256 over the think-time and token draws of the first turns of every user, and when they come and go, as hex. */
export function closedScheduleHash(experiment: Experiment, replication: number): string {
	const {workload} = experiment;
	if (workload.loop !== 'closed') {
		throw new TypeError('Expected a closed loop, got an open one');
	}

	const hash = sha256.create();
	const {curve} = workload.users;
	if (curve !== undefined) {
		hash.update(Uint8Array.of(curve.interpolation === 'linear' ? 1 : 0));
		hash.update(new Uint8Array(Float64Array.from(curve.points.flatMap(({at, count}) => [at, count])).buffer));
	}

	for (let user = 0; user < workload.users.count; user++) {
		const script = new UserScript(experiment, replication, user);
		const turns = new Float64Array(hashedTurns * 3);
		for (let turn = 0; turn < hashedTurns; turn++) {
			const pause = script.nextTurn();
			const {promptTokens, outputTokens, work} = script;
			turns.set(Number.isNaN(work) ? [pause, promptTokens, outputTokens] : [pause, work, 0], turn * 3);
		}

		hash.update(new Uint8Array(turns.buffer));
	}

	return bytesToHex(hash.digest());
}

/** SHA-256 in progress: by @noble/hashes, which runs everywhere, or by node:crypto, which is ten times as fast. */
export type Sha256 = {readonly update: (bytes: Uint8Array) => unknown; readonly digest: () => Uint8Array};

export const createSha256 = (): Sha256 => sha256.create();

/** SHA-256 over every arrival and token draw of an open loop, as hex. */
export function openScheduleHash(schedule: RequestBlocks, createHash = createSha256): string {
	const hash = createHash();
	for (const block of schedule.blocks()) {
		addBlock(hash, block);
	}

	return bytesToHex(hash.digest());
}

/** Requests that are hashed while they are drawn for the first run, so that a long schedule is not drawn twice. */
export class HashedRequests implements RequestBlocks {
	readonly #requests: RequestBlocks;
	readonly #createHash: () => Sha256;
	#isStarted = false;
	#digest: string | undefined;

	constructor(requests: RequestBlocks, createHash: () => Sha256) {
		this.#requests = requests;
		this.#createHash = createHash;
	}

	*blocks(): Generator<ScheduleBlock> {
		if (this.#isStarted) {
			yield* this.#requests.blocks();
			return;
		}

		this.#isStarted = true;
		const hash = this.#createHash();
		for (const block of this.#requests.blocks()) {
			addBlock(hash, block);
			yield block;
		}

		this.#digest = bytesToHex(hash.digest());
	}

	/** Digest, as `openScheduleHash` returns it. */
	digest(): string {
		this.#digest ??= openScheduleHash(this.#requests, this.#createHash);
		return this.#digest;
	}
}

function addBlock(hash: Sha256, block: ScheduleBlock): void {
	const {count, at, tenant, conversation, promptTokens, outputTokens, work} = block;
	for (const column of [at, tenant, conversation, ...(work === undefined ? [promptTokens, outputTokens] : [work])]) {
		hash.update(new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT));
	}
}

/** The requests of one replication in memory that threads share: they are not copied when they are sent. */
export type SharedSchedule = {readonly blocks: readonly ScheduleBlock[]; readonly bytes: number};

/**
 * Copies the requests of a replication into shared memory.
 *
 * @param mostBytes - of all columns
 * @returns undefined when they take more
 */
export function shareSchedule(schedule: RequestBlocks, mostBytes: number): SharedSchedule | undefined {
	const blocks: ScheduleBlock[] = [];
	let bytes = 0;
	for (const {
		count,
		at,
		source,
		tenant,
		conversation,
		promptTokens,
		outputTokens,
		work,
		traceRow,
	} of schedule.blocks()) {
		const block: ScheduleBlock = {
			count,
			at: shared(Float64Array, at, count),
			source: shared(Uint16Array, source, count),
			tenant: shared(Uint16Array, tenant, count),
			conversation: shared(Int32Array, conversation, count),
			promptTokens: shared(Int32Array, promptTokens, count),
			outputTokens: shared(Int32Array, outputTokens, count),
			...(work !== undefined && {work: shared(Float64Array, work, count)}),
			...(traceRow !== undefined && {traceRow: shared(Int32Array, traceRow, count)}),
		};
		bytes += count * (bytesPerRequest + (work === undefined ? 0 : 8) + (traceRow === undefined ? 0 : 4));
		if (bytes > mostBytes) {
			return undefined;
		}

		blocks.push(block);
	}

	return {blocks, bytes};
}

/** Requests of a shared schedule, to be read as they were drawn. */
export function requestsIn({blocks}: SharedSchedule): RequestBlocks {
	return {blocks: () => blocks};
}

const bytesPerRequest = 8 + 2 + 2 + 4 + 4 + 4;

type Column = Float64Array | Uint16Array | Int32Array;
type ColumnOf<T extends Column> = {new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number};

function shared<T extends Column>(Kind: ColumnOf<T>, values: T, count: number): T {
	const copy = new Kind(new SharedArrayBuffer(count * Kind.BYTES_PER_ELEMENT));
	copy.set(values.subarray(0, count));
	return copy;
}
