import type {Deployment, Workload} from '../../experiment/experiment.ts';
import {Balancer} from '../balancer.ts';
import type {PodServing} from '../contracts.ts';
import {clientNumber} from '../history.ts';
import type {Pod} from '../pod.ts';
import {type RequestPool, RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';
import {Attempts} from './attempts.ts';
import {HeldRequests} from './held-requests.ts';
import {ProxyQueue} from './proxy-queue.ts';

type Parts = {
	readonly serving: PodServing;
	/** Called with a request that was refused and is not sent again. */
	readonly refused: (request: number) => void;
};

/** Way of a request to a pod: balanced among the endpoints, or through a proxy's queue, and again where it was refused. */
export class Admission {
	readonly endpoints: Balancer;
	readonly #requests: RequestPool;
	readonly #serving: PodServing;
	readonly #refused: (request: number) => void;
	readonly #retriesAt: NonNullable<Workload['retries']>['pod'] | undefined;
	/** Left out where requests wait in the pods. */
	readonly #proxy: ProxyQueue | undefined;
	readonly #attempts: Attempts | undefined;
	/** Buffer of requests that find no pod; left out where they are refused. */
	readonly #held: HeldRequests | undefined;

	constructor(run: Run, {serving, refused}: Parts) {
		const {deployment, workload} = run.experiment;
		const {retries} = workload;
		this.endpoints = new Balancer(deployment, workload);
		this.#requests = run.requests;
		this.#serving = serving;
		this.#refused = refused;
		this.#retriesAt = retries?.pod;
		this.#attempts = retries && new Attempts(run, retries, request => this.#sendAgain(request));
		this.#held =
			deployment.atZero &&
			new HeldRequests(run, deployment.atZero, {
				give: request => this.#sendNow(request),
				refused: request => this.#refuse(request),
			});
		this.#proxy = proxyOf(
			deployment,
			waiting =>
				new ProxyQueue(run, waiting, {
					balancer: this.endpoints,
					serving,
					refused: request => this.#refuse(request),
					clientOf: request => this.#clientOf(request),
				}),
		);
	}

	/**
	 * Sends a request.
	 *
	 * @param again - pod that it goes to; balanced when left out
	 * @returns false when it was refused and is not sent again (503)
	 */
	send(request: number, again?: Pod): boolean {
		if (this.#proxy !== undefined) {
			return this.#proxy.accept(request) || this.#refuse(request);
		}

		if (this.#held !== undefined && this.endpoints.isEmpty) {
			return this.#held.accept(request) || this.#refuse(request);
		}

		return this.#sendNow(request, again);
	}

	#sendNow(request: number, again?: Pod): boolean {
		const pod = again ?? this.endpoints.pick(this.#clientOf(request), this.#requests.balancingDraw[request]!);
		this.#requests.pod[request] = pod?.ordinal ?? -1;
		return (pod !== undefined && this.#serving.accept(pod, request)) || this.#refuse(request);
	}

	/** A pod may take another request. */
	roomMade(): void {
		this.#proxy?.dispatch();
		if (!this.endpoints.isEmpty) {
			this.#held?.release();
		}
	}

	/** The client of a request leaves, whatever its request is doing. The caller reports the outcome. */
	abandon(request: number): void {
		const state = this.#requests.state[request];
		if (state === RequestState.queued) {
			(this.#proxy ?? this.#held)!.abandon(request);
		} else if (state === RequestState.backingOff) {
			this.#requests.release(request);
		} else {
			this.#serving.abandon(request);
		}
	}

	#sendAgain(request: number): void {
		const pod = this.#requests.pod[request]!;
		this.send(request, this.#retriesAt === 'same' && pod !== -1 ? this.endpoints.withOrdinal(pod) : undefined);
	}

	#clientOf(request: number): number {
		const {user, tenant, conversation} = this.#requests;
		return user[request] === -1 ? clientNumber(tenant[request]!, conversation[request]!) : user[request]!;
	}

	/** @returns whether the request is sent again; false when it has ended */
	#refuse(request: number): boolean {
		if (this.#attempts?.plan(request) === true) {
			return true;
		}

		this.#refused(request);
		return false;
	}
}

function proxyOf(
	{waiting}: Deployment,
	make: (waiting: Exclude<NonNullable<Deployment['waiting']>, {at: 'pod'}>) => ProxyQueue,
): ProxyQueue | undefined {
	return waiting === undefined || waiting.at === 'pod' ? undefined : make(waiting);
}
