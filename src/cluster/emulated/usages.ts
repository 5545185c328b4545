import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {ServedPod} from '../../simulator/hosted/hosted-run.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry, SampleEntry} from '../observe/entry.ts';
import {emulatedNamespace, namespace} from '../setup/cluster.ts';

const path = `/api/v1/namespaces/${emulatedNamespace}/services/https:metrics:https/proxy/usages`;

/** Path of the API itself, which the API server answers with an error while nothing serves it. */
const discovery = '/apis/metrics.k8s.io/v1beta1';

/** Time between two looks whether the API answers [ms], and the most of them. */
const look = {everyMs: 50, most: 600} as const;

/** Labels of the pods, by which the autoscaler selects them. */
const labels = {'app.kubernetes.io/name': 'llm', 'app.kubernetes.io/part-of': 'replicast'} as const;

type Options = {
	readonly api: Pick<KubeApi, 'get' | 'send'>;
	readonly write: (entry: JournalEntry) => void;
	/** Called when the metrics API does not take what is put there. */
	readonly failed: (error: Error) => void;
};

/** Metrics of the pods, and time 0 of their timestamps [s since 1970]. */
type ServedPods = {readonly pods: readonly ServedPod[]; readonly start: number};

const nothing: ServedPods = {pods: [], start: 0};

/** Puts the pods' metrics into the metrics API of the cluster, one state after the other, and notes what is served since when. */
export class Usages {
	readonly #options: Options;
	#served = new Map<string, string>();
	#next: ServedPods | undefined;
	#isPutting = false;
	/** The metrics that are there, whether the API answers or not. */
	#current = nothing;
	#isOut = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/**
	 * Serves these metrics as soon as the state before is there; one that comes meanwhile takes their place.
	 *
	 * @param start - time 0 of the metrics' timestamps [s since 1970], a whole second
	 */
	serve(pods: readonly ServedPod[], start: number): void {
		this.#next = {pods, start};
		if (!this.#isPutting) {
			this.#isPutting = true;
			void this.#putAll();
		}
	}

	/** Serves nothing from now on. */
	async clear(): Promise<void> {
		await this.#options.api.send(path, {method: 'PUT', body: {items: []}});
	}

	/**
	 * Follows an outage of metrics.k8s.io that was made or ended: notes that no pod is served from the moment at which the API
	 * answers no more, and the samples that are there from the moment at which it answers again.
	 */
	async outage(isOut: boolean, signal: AbortSignal): Promise<void> {
		for (let looks = 0; looks < look.most && !signal.aborted; looks++) {
			const answers = await this.#options.api.get(discovery).then(
				() => true,
				() => false,
			);
			if (answers !== isOut) {
				break;
			}

			await sleep(look.everyMs, undefined, {signal}).catch(() => undefined);
		}

		this.#isOut = isOut;
		this.#note();
	}

	async #putAll(): Promise<void> {
		try {
			for (let next = this.#next; next !== undefined; next = this.#next) {
				this.#next = undefined;
				const items = next.pods.map(pod => itemOf(pod, next.start));
				await this.#options.api.send(path, {method: 'PUT', body: {items}});
				this.#current = next;
				this.#note();
			}
		} catch (error) {
			const got = (error as Error).message;
			this.#options.failed(
				new UserError('E_CLUSTER', `Expected the emulated metrics API to take metrics, got ${got}`, {cause: error}),
			);
		} finally {
			this.#isPutting = false;
		}
	}

	/** Notes the samples that are new, and the pods that are served no more. */
	#note(): void {
		const {write} = this.#options;
		const {pods, start} = this.#isOut ? nothing : this.#current;
		const at = unixNow();
		const served = new Map<string, string>();
		for (const pod of pods) {
			const entry = sampleOf(pod, start, at);
			const text = JSON.stringify({...entry, at: 0});
			served.set(pod.pod, text);
			if (this.#served.get(pod.pod) !== text) {
				write(entry);
			}
		}

		for (const pod of this.#served.keys()) {
			if (!served.has(pod)) {
				write({type: 'sampleLost', at, pod});
			}
		}

		this.#served = served;
	}
}

/** Item of a PodMetricsList as metrics-server writes it. */
function itemOf({pod, timestamp, window, containers}: ServedPod, start: number): object {
	return {
		metadata: {name: pod, namespace, labels},
		timestamp: `${new Date((start + timestamp) * 1000).toISOString().slice(0, 19)}Z`,
		window: `${window.toFixed(9)}s`,
		containers: containers.map(({name, nanocores, memory}) => ({
			name,
			usage: {cpu: `${nanocores}n`, memory: String(memory)},
		})),
	};
}

function sampleOf({pod, timestamp, window, containers}: ServedPod, start: number, at: number): SampleEntry {
	return {
		...{type: 'sample', at, pod},
		timestamp: start + timestamp,
		window: Number(window.toFixed(9)),
		containers: containers
			.map(({name, nanocores, memory}) => ({name, cpu: nanocores / 1e9, memory}))
			.sort((a, b) => a.name.localeCompare(b.name)),
	};
}
