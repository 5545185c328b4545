import {setTimeout as sleep} from 'node:timers/promises';
import type {Task} from '../../tune/budgeted-runs.ts';
import type {CandidateFigures} from '../../tune/figures.ts';
import type {ShardStore} from './claim-store.ts';
import {readShardRecord} from './pod/shard-record.ts';
import {recordName, type ShardBatch} from './pod/shard-work.ts';

/** Task with its number in the request. */
export type IndexedTask = {readonly task: Task; readonly index: number};

type Pile = {
	readonly store: ShardStore;
	readonly batch: string;
	readonly digest: string;
	readonly setup: string;
	readonly shards: readonly (readonly IndexedTask[])[];
	readonly work: ShardBatch;
	readonly onEvaluated: (index: number, figures: CandidateFigures) => void;
};

/** Between two collections while a Job runs, and before a record that is missing is looked for again [ms]. */
const pauses = {collection: 1000, missing: 2000} as const;

/** The records of one batch as they come in. */
export class RecordPile {
	readonly #pile: Pile;
	/** Shards whose record has not been seen whole. */
	readonly #wanted: Set<number>;
	readonly #faults = new Map<number, string>();
	#collectedAt = 0;

	constructor(pile: Pile) {
		this.#pile = pile;
		this.#wanted = new Set(pile.shards.keys());
	}

	/** Collects of some shards what has not been collected, unless that was done a moment ago. */
	async collectSome(indexes: readonly number[]): Promise<void> {
		const fresh = indexes.filter(index => this.#wanted.has(index) && !this.#faults.has(index));
		if (fresh.length > 0 && Date.now() - this.#collectedAt >= pauses.collection) {
			await this.#collect(fresh);
			this.#collectedAt = Date.now();
		}
	}

	/** Collects all that has not been collected, and reports which records are not whole. */
	async collectAll({
		isLast,
		report,
	}: {
		readonly isLast: boolean;
		readonly report: (line: string) => void;
	}): Promise<void> {
		await this.#collect([...this.#wanted]);
		if (isLast || this.#wanted.size === 0) {
			return;
		}

		await sleep(pauses.missing); // a file system of a network may be late
		await this.#collect([...this.#wanted]);
		for (const shard of this.#wanted) {
			const why = this.#faults.get(shard) ?? 'no record';
			report(`Shard ${shard} of batch ${this.#pile.batch} is evaluated again: ${why}`);
		}
	}

	async #collect(shards: readonly number[]): Promise<void> {
		const {store, batch, digest, setup, work, onEvaluated} = this.#pile;
		const texts = await store.getAll(shards.map(shard => recordName(batch, shard)));
		for (const shard of shards) {
			const name = recordName(batch, shard);
			const text = texts.get(name);
			if (text === undefined) {
				continue;
			}

			try {
				const identity = {setup, batch: digest, shard};
				const figures = readShardRecord(name, text, {identity, units: work.shards[shard]!});
				this.#wanted.delete(shard);
				for (const [position, {index}] of this.#pile.shards[shard]!.entries()) {
					onEvaluated(index, figures[position]!);
				}
			} catch (error) {
				this.#faults.set(shard, (error as Error).message);
			}
		}
	}
}

/** Passes results on in the order of their numbers, as soon as all before them are there. */
export class InOrder {
	readonly results: CandidateFigures[] = [];
	readonly #onResult: (index: number, figures: CandidateFigures) => void;
	readonly #waiting = new Map<number, CandidateFigures>();
	#next = 0;

	constructor(onResult: (index: number, figures: CandidateFigures) => void) {
		this.#onResult = onResult;
	}

	has(index: number): boolean {
		return this.results[index] !== undefined;
	}

	add(index: number, figures: CandidateFigures): void {
		this.results[index] = figures;
		this.#waiting.set(index, figures);
		for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
			this.#waiting.delete(this.#next);
			this.#onResult(this.#next++, next);
		}
	}

	/** Passes the rest on. */
	flush(): void {
		for (const [index, figures] of [...this.#waiting].sort(([a], [b]) => a - b)) {
			this.#onResult(index, figures);
		}

		this.#waiting.clear();
	}
}
