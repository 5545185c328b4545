import {RandomStream} from '../engine/random-stream.ts';
import {tokenColumnSamplerOf, weightedPicker} from './draw-distribution.ts';
import type {Experiment, Tenant, TraceArrivals, Workload} from './experiment.ts';
import {ArrivalTimes} from './schedule-arrivals.ts';
import {requestWork, workColumnSampler} from './serving/request-work.ts';

const blockSize = 8192;
/** Blocks beyond this many are drawn again instead of kept: the memory of a long run stays bounded. */
const keptBlocks = 256;

/** Consecutive requests of an open loop, one array a column, `count` of them valid. */
export type ScheduleBlock = {
	count: number;
	/** [s], ascending */
	readonly at: Float64Array;
	/** 0 for the common arrivals, else the index of the tenant that sends arrivals of its own, plus 1. */
	readonly source: Uint16Array;
	/** Index of the tenant. */
	readonly tenant: Uint16Array;
	/** Number of the conversation within its tenant. */
	readonly conversation: Int32Array;
	readonly promptTokens: Int32Array;
	readonly outputTokens: Int32Array;
	/** Work that each request brings along instead of tokens [s]; left out where they have tokens. */
	readonly work?: Float64Array;
	/** Row of the trace that says more of each request, -1 where none does; left out where the trace says no more. */
	readonly traceRow?: Int32Array;
};

/** Requests of one replication: the blocks from the first on, each valid until the next is taken. */
export type RequestBlocks = {readonly blocks: () => Iterable<ScheduleBlock>};

/**
 * The requests of an open-loop experiment for one replication, before its end and in the order of time.
 *
 * It depends on the workload, the duration, the seed and the replication alone. Blocks are drawn when they are first
 * asked for and the first ones are kept, so that the arms of a comparison share them.
 */
export class Schedule implements RequestBlocks {
	readonly #experiment: Experiment;
	readonly #replication: number;
	readonly #kept: ScheduleBlock[] = [];
	/** Whether the kept blocks are all there are. */
	#isWhole = false;

	constructor(experiment: Experiment, replication: number) {
		this.#experiment = experiment;
		this.#replication = replication;
	}

	*blocks(): Generator<ScheduleBlock> {
		let index = 0;
		while (index < this.#kept.length) {
			yield this.#kept[index++]!;
		}

		if (this.#isWhole) {
			return;
		}

		const fill = requestSource(this.#experiment, this.#replication);
		const columns = extraColumns(this.#experiment.workload);
		const scratch = emptyBlock(columns);
		for (let number = 0; ; number++) {
			const keeps = number < keptBlocks;
			const block = keeps && number >= index ? emptyBlock(columns) : scratch;
			fill(block);
			if (block.count === 0) {
				this.#isWhole = this.#kept.length === number;
				return;
			}

			if (number >= index) {
				if (keeps && this.#kept.length === number) {
					this.#kept.push(block);
				}

				yield block;
			}
		}
	}
}

type ExtraColumns = {readonly hasWork: boolean; readonly hasTraceRow: boolean};

function extraColumns(workload: Workload): ExtraColumns {
	const arrivals = workload.loop === 'open' && workload.arrivals.process === 'trace' ? workload.arrivals : undefined;
	return {
		hasWork: requestWork(workload) !== undefined,
		hasTraceRow: arrivals?.prefixes !== undefined || arrivals?.priority !== undefined,
	};
}

function emptyBlock({hasWork, hasTraceRow}: ExtraColumns): ScheduleBlock {
	return {
		count: 0,
		at: new Float64Array(blockSize),
		source: new Uint16Array(blockSize),
		tenant: new Uint16Array(blockSize),
		conversation: new Int32Array(blockSize),
		promptTokens: new Int32Array(blockSize),
		outputTokens: new Int32Array(blockSize),
		...(hasWork && {work: new Float64Array(blockSize)}),
		...(hasTraceRow && {traceRow: new Int32Array(blockSize).fill(-1)}),
	};
}

type FillBlock = (block: ScheduleBlock) => void;

/** Fills block after block; one that stays empty is the end. */
function requestSource(experiment: Experiment, replication: number): FillBlock {
	const {workload} = experiment;
	if (workload.loop !== 'open') {
		throw new TypeError('Expected an open loop, got a closed one');
	}

	const {tenants, arrivals} = workload;
	const shares = tenants.map(({share}) => share);
	const common =
		arrivals.process === 'trace'
			? traceSource(experiment, replication, arrivals)
			: drawnSource(experiment, replication, {
					entity: 0,
					shares,
					times: new ArrivalTimes(arrivals, keyOf(experiment, replication, 0)),
				});
	const own = tenants.flatMap((tenant, index) => {
		if (tenant.arrivals === undefined) {
			return [];
		}

		const entity = index + 1;
		const only = tenants.map((_, other) => (other === index ? 1 : 0));
		const times = new ArrivalTimes(tenant.arrivals, keyOf(experiment, replication, entity));
		return [drawnSource(experiment, replication, {entity, shares: only, times})];
	});
	return own.length === 0 ? common : mergedSource([common, ...own], extraColumns(workload));
}

function keyOf({seed}: Experiment, replication: number, entity: number) {
	return {seed, replication, entity};
}

type DrawnSource = {readonly entity: number; readonly shares: readonly number[]; readonly times: ArrivalTimes};

/** Each column has a stream of its own, so that it is drawn as a whole. */
function drawnSource(experiment: Experiment, replication: number, {entity, shares, times}: DrawnSource): FillBlock {
	const {workload, duration} = experiment;
	const stream = (purpose: string) => new RandomStream({...keyOf(experiment, replication, entity), purpose});
	const [tenantStream, conversationStream] = [stream('tenant'), stream('conversation')];
	const pickTenant = weightedPicker(shares);
	const conversations = Float64Array.from(workload.tenants, tenant => tenant.conversations);
	const [promptStream, outputStream] = [stream('promptTokens'), stream('outputTokens')];
	const promptTokens = tokenColumnSamplerOf(workload.requests.promptTokens);
	const outputTokens = tokenColumnSamplerOf(workload.requests.outputTokens);
	const [work, workStream] = [workColumnSampler(workload), stream('work')];
	return block => {
		const count = times.fill(block.at, duration);
		const {tenant, conversation} = block;
		block.source.fill(entity, 0, count);
		for (let row = 0; row < count; row++) {
			tenant[row] = pickTenant(tenantStream);
			conversation[row] = Math.floor(conversationStream.uniform() * conversations[tenant[row]!]!);
		}

		if (work === undefined) {
			promptTokens(block.promptTokens, count, promptStream);
			outputTokens(block.outputTokens, count, outputStream);
		} else {
			work(block.work!, count, workStream);
		}

		block.count = count;
	};
}

function traceSource(experiment: Experiment, replication: number, trace: TraceArrivals): FillBlock {
	const {workload, duration} = experiment;
	const stream = (purpose: string) => new RandomStream({...keyOf(experiment, replication, 0), purpose});
	const shares = workload.tenants.map(({share}) => share);
	const party =
		trace.conversation === undefined
			? partyPicker(workload.tenants, shares, stream('tenant'), stream('conversation'))
			: conversationPicker(trace.conversation, weightedPicker(shares), stream('tenant'));
	let row = 0;
	return block => {
		let count = 0;
		for (; count < blockSize && row < trace.at.length && trace.at[row]! < duration; count++, row++) {
			block.at[count] = trace.at[row]!;
			block.source[count] = 0;
			party(block, count, row);
			if (trace.work === undefined) {
				block.promptTokens[count] = trace.promptTokens[row]!;
				block.outputTokens[count] = trace.outputTokens[row]!;
			} else {
				block.work![count] = trace.work.seconds[row]!;
			}

			if (block.traceRow !== undefined) {
				block.traceRow[count] = row;
			}
		}

		block.count = count;
	};
}

/** Gives a row of a block its tenant and conversation. */
function partyPicker(
	tenants: readonly Tenant[],
	shares: readonly number[],
	tenantStream: RandomStream,
	conversationStream: RandomStream,
) {
	const pickTenant = weightedPicker(shares);
	return (block: ScheduleBlock, row: number): void => {
		const tenant = pickTenant(tenantStream);
		block.tenant[row] = tenant;
		block.conversation[row] = Math.floor(conversationStream.uniform() * tenants[tenant]!.conversations);
	};
}

/** Gives a row of a block the conversation that its trace says, each to one tenant that is drawn when it begins. */
function conversationPicker(
	conversations: readonly number[],
	pickTenant: (stream: RandomStream) => number,
	stream: RandomStream,
) {
	const tenantOf = new Map<number, number>();
	return (block: ScheduleBlock, row: number, requestRow: number): void => {
		const conversation = conversations[requestRow]!;
		const tenant = tenantOf.get(conversation) ?? pickTenant(stream);
		tenantOf.set(conversation, tenant);
		block.tenant[row] = tenant;
		block.conversation[row] = conversation;
	};
}

/** Several sources as one, in the order of time; of equal times the earlier source's comes first. */
function mergedSource(sources: readonly FillBlock[], columns: ExtraColumns): FillBlock {
	const heads = sources.map(fill => ({fill, block: emptyBlock(columns), row: 0}));
	const advance = (head: (typeof heads)[number]): void => {
		head.fill(head.block);
		head.row = 0;
	};

	heads.forEach(advance);
	return block => {
		let count = 0;
		while (count < blockSize) {
			let first: (typeof heads)[number] | undefined;
			for (const head of heads) {
				if (
					head.row < head.block.count &&
					(first === undefined || head.block.at[head.row]! < first.block.at[first.row]!)
				) {
					first = head;
				}
			}

			if (first === undefined) {
				break;
			}

			copyRow(first.block, first.row, block, count++);
			if (++first.row === first.block.count) {
				advance(first);
			}
		}

		block.count = count;
	};
}

function copyRow(from: ScheduleBlock, fromRow: number, to: ScheduleBlock, toRow: number): void {
	to.at[toRow] = from.at[fromRow]!;
	to.source[toRow] = from.source[fromRow]!;
	to.tenant[toRow] = from.tenant[fromRow]!;
	to.conversation[toRow] = from.conversation[fromRow]!;
	to.promptTokens[toRow] = from.promptTokens[fromRow]!;
	to.outputTokens[toRow] = from.outputTokens[fromRow]!;
	if (to.work !== undefined) {
		to.work[toRow] = from.work![fromRow]!;
	}

	if (to.traceRow !== undefined) {
		to.traceRow[toRow] = from.traceRow![fromRow]!;
	}
}
