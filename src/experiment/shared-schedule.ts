import type {RequestBlocks, ScheduleBlock} from './schedule.ts';

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
	for (const {count, at, source, tenant, conversation, promptTokens, outputTokens} of schedule.blocks()) {
		const block: ScheduleBlock = {
			count,
			at: shared(Float64Array, at, count),
			source: shared(Uint16Array, source, count),
			tenant: shared(Uint16Array, tenant, count),
			conversation: shared(Int32Array, conversation, count),
			promptTokens: shared(Int32Array, promptTokens, count),
			outputTokens: shared(Int32Array, outputTokens, count),
		};
		bytes += count * bytesPerRequest;
		if (bytes > mostBytes) {
			return undefined;
		}

		blocks.push(block);
	}

	return {blocks, bytes};
}

/** The same requests, to be read as they were drawn. */
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
