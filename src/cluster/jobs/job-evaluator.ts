import {UserError} from '../../errors.ts';
import type {Task} from '../../tune/budgeted-runs.ts';
import type {CandidateFigures} from '../../tune/figures.ts';
import type {KubeApi} from '../api/kube-api.ts';
import type {ShardStore} from './claim-store.ts';
import {collectionPath, type JobNames, jobName, shardJob} from './job-objects.ts';
import {batchName, type ShardBatch, shardsOf, storedForm} from './pod/shard-work.ts';
import {type IndexedTask, InOrder, RecordPile} from './record-pile.ts';
import {watchJob} from './watch-job.ts';

/** Cluster that is ready for the Jobs of one search. */
export type JobSite = {
	readonly api: Pick<KubeApi, 'get' | 'text' | 'send' | 'remove'>;
	readonly names: JobNames;
	readonly store: ShardStore;
	/** Digest of the setup that is stored. */
	readonly setup: string;
	/** Shards of a Job at most. */
	readonly shards: number;
	/** Reports a line of progress. */
	readonly report: (line: string) => void;
	/** How long pods may wait for a node while none of them runs [s]. */
	readonly patience: number;
	/** Leaves Jobs that are over where they are. */
	readonly keeps: boolean;
};

type Evaluating = {
	readonly isStopped: () => boolean;
	readonly onEvaluated: (index: number, figures: CandidateFigures) => void;
};

/** Times that a batch is sent until all its records are whole. */
const mostTries = 3;

/** Evaluates candidates in Indexed Jobs, one for each call: an index is a shard, and leaves one record. */
export class JobEvaluator {
	readonly #site: JobSite;
	#batches = 0;

	constructor(site: JobSite) {
		this.#site = site;
	}

	/**
	 * Evaluates tasks. A shard whose record is missing or incomplete is evaluated again.
	 *
	 * @param evaluating - `isStopped`: whether to give up the Job; `onEvaluated` is called for each task, in the order of
	 *   the tasks except the tasks that were collected when it was stopped
	 * @returns the figures of the tasks, with holes where it was stopped
	 * @throws {UserError} E_CLUSTER when the Job fails, or records are not whole three times
	 */
	async evaluate(tasks: readonly Task[], {isStopped, onEvaluated}: Evaluating): Promise<CandidateFigures[]> {
		const collected = new InOrder(onEvaluated);
		let missing: readonly IndexedTask[] = tasks.map((task, index) => ({task, index}));
		try {
			for (let tries = 0; missing.length > 0 && !isStopped(); tries++) {
				if (tries === mostTries) {
					const why = `${missing.length} of ${tasks.length} runs without one`;
					throw new UserError('E_CLUSTER', `Expected whole records of all shards in ${mostTries} tries, got ${why}`);
				}

				await this.#evaluateOnce(missing, {isStopped, onEvaluated: (index, figures) => collected.add(index, figures)});
				missing = missing.filter(({index}) => !collected.has(index));
			}
		} finally {
			collected.flush();
		}

		return collected.results;
	}

	async #evaluateOnce(asked: readonly IndexedTask[], evaluating: Evaluating): Promise<void> {
		const {api, names, store, setup, shards: most, report, patience} = this.#site;
		const batch = String(++this.#batches).padStart(4, '0');
		const shards = shardsOf(asked, most);
		const work = batchOf(shards);
		const {text, digest} = storedForm(work);
		await store.put(batchName(batch), text);
		const pile = new RecordPile({store, batch, digest, setup, shards, work, onEvaluated: evaluating.onEvaluated});
		const name = jobName(names, batch);
		await api.send(collectionPath('Job', names.namespace), {
			method: 'POST',
			body: shardJob(names, {batch, shards: shards.length}),
		});
		let isOver = false;
		try {
			await watchJob({
				api,
				namespace: names.namespace,
				name,
				isStopped: evaluating.isStopped,
				onCompleted: async indexes => pile.collectSome(indexes),
				report,
				patience,
			});
			await pile.collectAll({isLast: evaluating.isStopped(), report});
			isOver = !evaluating.isStopped();
		} catch (error) {
			await pile.collectAll({isLast: true, report}).catch(() => undefined); // what is there is kept
			throw error;
		} finally {
			if (!(isOver && this.#site.keeps)) {
				await api.remove(`${collectionPath('Job', names.namespace)}/${name}`, {propagationPolicy: 'Background'});
			}
		}
	}
}

function batchOf(shards: readonly (readonly IndexedTask[])[]): ShardBatch {
	const candidates = shards.flat().map(({task}) => task.candidate);
	return {
		scalings: Object.fromEntries(candidates.map(({id, scaling}) => [id, scaling])),
		shards: shards.map(units => units.map(({task}) => ({candidate: task.candidate.id, replication: task.replication}))),
	};
}
