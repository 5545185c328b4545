import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {json} from 'node:stream/consumers';
import {KubeRefusal} from '../../src/cluster/api/kube-api.ts';
import {FakeKube} from './fake-kube.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object has whatever shape its kind has
type Any = any;

/** A pod of a Job while its program runs. */
export type FakePod = {
	readonly name: string;
	readonly batch: string;
	readonly index: number;
	/** How often a pod of this index was started before. */
	readonly failures: number;
	readonly kill: () => void;
	/** Settles when the program says that it plays. */
	readonly isPlaying: Promise<unknown>;
};

export type FakeOptions = {
	/** The program of the image. */
	readonly bundle: string;
	/** Stands for the claim: everything under `/data` of a pod. */
	readonly claim: string;
	readonly onStart?: (pod: FakePod) => void;
	/** When a pod has ended well, before the Job is told. */
	readonly onSuccess?: (pod: FakePod) => Promise<void>;
	/** Pods never start, for this reason. */
	readonly waiting?: {readonly reason: string; readonly message: string};
	/** Resource of which nothing may be made. */
	readonly forbidden?: string;
};

/** One takes no pods. */
const nodes = [
	{metadata: {name: 'control'}, spec: {taints: [{effect: 'NoSchedule'}]}, status: {allocatable: {cpu: '8'}}},
	{metadata: {name: 'one'}, status: {allocatable: {cpu: '3900m'}}},
];

type Run = {readonly job: Any; readonly failures: number[]; readonly completed: Set<number>; isOver: boolean};

/**
 * An API server with a Job controller, whose pods are processes of this machine: enough of Kubernetes for Indexed Jobs
 * with limits of retries by index.
 */
export class FakeKubernetes {
	readonly kube = new FakeKube();
	readonly #options: FakeOptions;
	readonly #server: Server;
	readonly #children = new Map<string, ChildProcess>();
	readonly #logs = new Map<string, string>();

	private constructor(options: FakeOptions) {
		this.#options = options;
		this.#server = createServer((request, response) => void this.#answer(request, response));
	}

	static async start(options: FakeOptions): Promise<FakeKubernetes> {
		const fake = new FakeKubernetes(options);
		await new Promise<void>(resolve => fake.#server.listen(0, '127.0.0.1', resolve));
		return fake;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Paths of the objects that are there. */
	get paths(): string[] {
		return [...this.kube.objects.keys()];
	}

	async close(): Promise<void> {
		for (const child of this.#children.values()) {
			child.kill('SIGKILL');
		}

		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url!, 'http://fake');
		try {
			const answer = await this.#do(request, url);
			response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}));
		} catch (error) {
			response.statusCode = error instanceof KubeRefusal ? error.status : 500;
			response.end(JSON.stringify({message: (error as Error).message}));
		}
	}

	async #do(request: IncomingMessage, {pathname, searchParams}: URL): Promise<unknown> {
		if (pathname === '/version') {
			return {minor: '34', gitVersion: 'v1.34.4'};
		}

		if (pathname.endsWith('/log')) {
			return this.#logs.get(pathname.split('/').at(-2)!) ?? '';
		}

		if (pathname === '/api/v1/nodes') {
			return {items: nodes};
		}

		if (pathname.startsWith('/api/v1/nodes/')) {
			return nodes.find(({metadata}) => pathname.endsWith(`/${metadata.name}`));
		}

		if (request.method === 'GET') {
			const selector = searchParams.get('labelSelector');
			return selector === null ? this.kube.get(pathname) : {items: this.#list(pathname, selector)};
		}

		if (request.method === 'DELETE') {
			return this.#remove(pathname, (await json(request)) as Any);
		}

		if (pathname.split('/').at(-1) === this.#options.forbidden) {
			throw new KubeRefusal(403, `User "me" cannot create resource "${this.#options.forbidden}"`);
		}

		const body = (await json(request)) as Any;
		const made = await this.kube.send(pathname, {method: request.method!, body});
		if (body.kind === 'Job') {
			this.#startJob(body);
		} else if (body.kind === 'Pod') {
			this.#setStatus(`${pathname}/${body.metadata.name}`, this.#firstStatus({running: {}}), {nodeName: 'one'});
		}

		return made;
	}

	#list(collection: string, selector: string): Any[] {
		const [label = '', value] = selector.split('=');
		return [...this.kube.objects]
			.filter(([path]) => path.startsWith(`${collection}/`) && !path.slice(collection.length + 1).includes('/'))
			.map(([, object]) => object as Any)
			.filter(({metadata}) => metadata.labels?.[label] === value);
	}

	async #remove(path: string, options: Any): Promise<void> {
		const there = this.kube.objects.get(path) as Any;
		if (options?.preconditions !== undefined) {
			return this.kube.remove(path, options);
		}

		this.kube.objects.delete(path);
		if (there?.kind === 'Job') {
			const pods = path.replace('/apis/batch/v1', '/api/v1').replace(/\/jobs\/.*$/, '/pods');
			for (const {metadata} of this.#list(pods, `batch.kubernetes.io/job-name=${there.metadata.name}`)) {
				this.#children.get(metadata.name)?.kill('SIGKILL');
				this.kube.objects.delete(`${pods}/${metadata.name}`);
			}
		} else if (there?.kind === 'Namespace') {
			for (const inside of this.paths.filter(one => one.includes(`/namespaces/${there.metadata.name}/`))) {
				this.kube.objects.delete(inside);
			}
		}

		return undefined;
	}

	#firstStatus(started: object): object {
		const {waiting} = this.#options;
		return waiting === undefined
			? {phase: 'Running', containerStatuses: [{state: started}]}
			: {phase: 'Pending', containerStatuses: [{state: {waiting}}]};
	}

	#setStatus(path: string, status: object, spec: object = {}): void {
		const object = this.kube.objects.get(path) as Any;
		if (object !== undefined) {
			this.kube.put(path, {...object, spec: {...object.spec, ...spec}, status});
		}
	}

	#startJob(job: Any): void {
		const {completions, parallelism} = job.spec;
		const run: Run = {job, failures: Array(completions).fill(0), completed: new Set(), isOver: false};
		let next = 0;
		const more = () => {
			if (next < completions && !run.isOver) {
				void this.#playIndex(run, next++).then(more);
			}
		};
		for (let started = 0; started < parallelism; started++) {
			more();
		}
	}

	/** Starts pods of one index until one ends well, or too many have not. */
	async #playIndex(run: Run, index: number): Promise<void> {
		const {metadata, spec} = run.job;
		while (this.kube.objects.has(jobPath(run.job)) && !run.isOver) {
			const status = await this.#runPod(run, index);
			if (status === 0) {
				run.completed.add(index);
				break;
			}

			run.failures[index]!++;
			const [failing] = spec.podFailurePolicy.rules;
			if (failing.onExitCodes.values.includes(status)) {
				this.#endJob(run, 'Failed', {reason: 'PodFailurePolicy', message: 'a rule matched'});
			} else if (run.failures[index]! > spec.backoffLimitPerIndex) {
				this.#endJob(run, 'Failed', {reason: 'MaxFailedIndexesExceeded', message: `of ${metadata.name}`});
			}
		}

		if (run.completed.size === spec.completions) {
			this.#endJob(run, 'Complete', {});
		} else if (!run.isOver) {
			this.#setStatus(jobPath(run.job), {completedIndexes: [...run.completed].sort((a, b) => a - b).join(',')});
		}
	}

	#endJob(run: Run, type: string, why: object): void {
		run.isOver = true;
		const completedIndexes = [...run.completed].sort((a, b) => a - b).join(',');
		this.#setStatus(jobPath(run.job), {completedIndexes, conditions: [{type, status: 'True', ...why}]});
	}

	async #runPod({job, failures}: Run, index: number): Promise<number> {
		const {template} = job.spec;
		const [container] = template.spec.containers;
		const name = `${job.metadata.name}-${index}-${failures[index]}`;
		const pods = `/api/v1/namespaces/${job.metadata.namespace}/pods`;
		const labels = {...template.metadata.labels, 'batch.kubernetes.io/job-name': job.metadata.name};
		const creationTimestamp = new Date().toISOString();
		this.kube.put(`${pods}/${name}`, {
			kind: 'Pod',
			metadata: {name, labels, creationTimestamp},
			spec: template.spec,
		} as never);
		this.#setStatus(`${pods}/${name}`, this.#firstStatus({running: {}}));
		if (this.#options.waiting !== undefined) {
			return new Promise(() => undefined);
		}

		const child = spawn('node', [this.#options.bundle, ...container.args], {
			env: {PATH: process.env['PATH'], ...this.#environment(container, job), JOB_COMPLETION_INDEX: String(index)},
		});
		this.#children.set(name, child);
		const pod: FakePod = {
			name,
			batch: container.env.find((one: Any) => one.name === 'BATCH').value,
			index,
			failures: failures[index]!,
			kill: () => child.kill('SIGKILL'),
			isPlaying: once(child.stdout, 'data').catch(() => undefined),
		};
		this.#options.onStart?.(pod);
		const status = await this.#endOf(name, child);
		if (status === 0) {
			await this.#options.onSuccess?.(pod);
		}

		this.#setStatus(`${pods}/${name}`, {
			phase: status === 0 ? 'Succeeded' : 'Failed',
			containerStatuses: [{state: {terminated: {exitCode: status, reason: status === 0 ? 'Completed' : 'Error'}}}],
		});
		return status;
	}

	async #endOf(name: string, child: ChildProcess): Promise<number> {
		let log = '';
		for (const stream of [child.stdout!, child.stderr!]) {
			stream.on('data', (chunk: Buffer) => {
				log += chunk.toString();
				this.#logs.set(name, log);
			});
		}

		return new Promise(resolve => child.on('close', code => resolve(code ?? 137)));
	}

	#environment({env, envFrom = []}: Any, job: Any): Record<string, string> {
		const secrets = envFrom.map(({secretRef}: Any) => {
			const path = `/api/v1/namespaces/${job.metadata.namespace}/secrets/${secretRef.name}`;
			return (this.kube.objects.get(path) as Any).stringData;
		});
		const given = Object.fromEntries(env.map(({name, value}: Any) => [name, value]));
		return Object.assign({}, ...secrets, given, given['STORE'] === '/data' && {STORE: this.#options.claim});
	}
}

function jobPath({metadata}: Any): string {
	return `/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}`;
}
