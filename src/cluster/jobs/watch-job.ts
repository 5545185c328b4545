import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {collectionPath} from './job-objects.ts';
import {type JobPod, lastFailure, type Trouble, troubleOf} from './pod-trouble.ts';

type Job = {
	readonly status?: {
		readonly completedIndexes?: string;
		readonly active?: number;
		readonly conditions?: readonly {
			readonly type: string;
			readonly status: string;
			readonly reason?: string;
			readonly message?: string;
		}[];
	};
};

type Watching = {
	readonly api: Pick<KubeApi, 'get' | 'text'>;
	readonly namespace: string;
	readonly name: string;
	readonly isStopped: () => boolean;
	/** Receives the indexes that have been completed so far, at every look. */
	readonly onCompleted: (indexes: readonly number[]) => Promise<void>;
	/** Reports a line of progress. */
	readonly report: (line: string) => void;
	/** How long pods may wait for a node while none of them runs [s]. */
	readonly patience: number;
};

/** Between two looks: the first, each as a multiple of the one before, and the longest [ms]. */
const pauses = {first: 100, growth: 1.3, longest: 1000} as const;

/** Time in which a Job may be without pods before its events are asked why [s]. */
const quiet = 5;

/** Looks in a row that the API may leave without an answer. */
const mostSilences = 60;

/**
 * Waits until all indexes of a Job are completed, or until it is stopped.
 *
 * @throws {UserError} E_CLUSTER when it has failed or its pods cannot start, with a pod's reason and the end of its log
 */
export async function watchJob(watching: Watching): Promise<void> {
	const {api, namespace, name, isStopped, onCompleted} = watching;
	const waiting = new Waiting(watching);
	let silences = 0;
	for (let pause: number = pauses.first; !isStopped(); pause = Math.min(pause * pauses.growth, pauses.longest)) {
		const seen = await look(api, namespace, name).catch((error: unknown) => {
			if (++silences >= mostSilences) {
				throw error;
			}

			return undefined;
		});
		if (seen !== undefined) {
			silences = 0;
			await onCompleted(indexesIn(seen.job.status?.completedIndexes ?? ''));
			if (hasEnded(seen.job, 'Complete')) {
				return;
			}

			await refuseFailed(watching, seen);
			await waiting.judge(seen.pods);
		}

		await sleep(pause);
	}
}

/** For how long none of a Job's pods has run, and why. */
class Waiting {
	readonly #watching: Watching;
	#since: number | undefined;
	#said = '';

	constructor(watching: Watching) {
		this.#watching = watching;
	}

	/** @throws {UserError} E_CLUSTER when it has been too long, or is of no use */
	async judge(pods: readonly JobPod[]): Promise<void> {
		const {name, patience, report} = this.#watching;
		const isWaiting = pods.every(({status: {phase}}) => phase === 'Pending');
		this.#since = isWaiting ? (this.#since ?? Date.now()) : undefined;
		const seconds = this.#since === undefined ? 0 : (Date.now() - this.#since) / 1000;
		const trouble = pods.length === 0 && seconds > quiet ? await this.#noPods() : troubleOf(pods);
		if (trouble !== undefined && (seconds > patience || !trouble.mayPass)) {
			throw new UserError(
				'E_CLUSTER',
				`Expected the pods of job ${name} to start, got ${trouble.why} (${trouble.pod})`,
			);
		}

		if (trouble !== undefined && isWaiting && trouble.why !== this.#said) {
			this.#said = trouble.why;
			report(`Waiting for pods: ${trouble.why}`);
		}
	}

	/** Finds a quota or a policy of the namespace that prevents pods: only the events show it. */
	async #noPods(): Promise<Trouble> {
		const {api, namespace, name} = this.#watching;
		const selector = encodeURIComponent(`involvedObject.name=${name},type=Warning`);
		const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`;
		const {items} = await api.get<{items: {message?: string}[]}>(path).catch(() => ({items: []}));
		return {pod: name, why: items.at(-1)?.message ?? 'none is there yet', mayPass: true};
	}
}

type Seen = {readonly job: Job; readonly pods: readonly JobPod[]};

async function look(api: Watching['api'], namespace: string, name: string): Promise<Seen> {
	const job = await api.get<Job>(`${collectionPath('Job', namespace)}/${name}`);
	const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${name}`);
	const {items} = await api.get<{items: JobPod[]}>(`${collectionPath('Pod', namespace)}?labelSelector=${selector}`);
	return {job, pods: items};
}

function hasEnded({status}: Job, ...types: string[]): boolean {
	return status?.conditions?.some(condition => types.includes(condition.type) && condition.status === 'True') === true;
}

async function refuseFailed({api, namespace, name}: Watching, {job, pods}: Seen): Promise<void> {
	if (!hasEnded(job, 'Failed', 'FailureTarget')) {
		return;
	}

	const condition = job.status!.conditions!.find(({type}) => type === 'Failed' || type === 'FailureTarget')!;
	const why = await lastFailure(api, namespace, pods);
	throw new UserError(
		'E_CLUSTER',
		`Expected job ${name} to evaluate its shards, got ${why ?? `${condition.reason}: ${condition.message}`}`,
	);
}

/** The numbers of `0-2,5`. */
export function indexesIn(text: string): number[] {
	return text
		.split(',')
		.filter(part => part !== '')
		.flatMap(part => {
			const [first, last = first] = part.split('-').map(Number);
			return Array.from({length: last! - first! + 1}, (_, offset) => first! + offset);
		});
}
