import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {Observation} from '../observe/observation.ts';

type WaitOptions = {
	/** Object of the wait, as in `Expected … within 180 s`. */
	readonly what: string;
	/** Undefined once it is there, else what there is instead. */
	readonly lacking: () => string | undefined;
	/** [s] */
	readonly timeout: number;
	readonly signal: AbortSignal;
	/** Called with what is lacking whenever that changes. */
	readonly report?: (text: string) => void;
};

const pollMs = 200;

/** @throws {UserError} E_TIMEOUT with what is lacking when the time is over */
async function waitFor({what, lacking, timeout, signal, report}: WaitOptions): Promise<undefined> {
	let last = '';
	for (let waited = 0; ; waited += pollMs) {
		signal.throwIfAborted();
		const lack = lacking();
		if (lack === undefined) {
			return undefined;
		}

		if (waited > timeout * 1000) {
			throw new UserError('E_TIMEOUT', `Expected ${what} within ${timeout} s, got ${lack}`);
		}

		if (lack !== last) {
			last = lack;
			report?.(lack);
		}

		await sleep(pollMs, undefined, {signal});
	}
}

type Waiting = {readonly replicas: number; readonly signal: AbortSignal; readonly report?: (text: string) => void};

const readyTimeout = 300;
const samplesTimeout = 240;
const wantedSamples = 2;

/** Waits until the pods are Ready, which means that their models are loaded, and the Service sends to each of them. */
export async function waitReady(observation: Observation, {replicas, ...rest}: Waiting): Promise<undefined> {
	return waitFor({
		...rest,
		what: `${replicas} pods to be Ready with the model loaded`,
		timeout: readyTimeout,
		lacking() {
			const pods = [...observation.pods.values()];
			const ready = pods.filter(({view}) => view.ready?.status === true).length;
			const served = observation.endpoints.length;
			return pods.length === replicas && ready === replicas && served === replicas
				? undefined
				: `${ready} of ${pods.length} Ready, ${served} behind the Service`;
		},
	});
}

/**
 * Waits until each pod was sampled twice, the last time over a span after it became Ready, which its start does not
 * affect.
 */
export async function waitSampled(observation: Observation, {replicas, ...rest}: Waiting): Promise<void> {
	await waitFor({
		...rest,
		what: `${wantedSamples} metric samples of each pod`,
		timeout: samplesTimeout,
		lacking() {
			const counts = [...observation.pods.values()].map(({view: {name, ready}}) => {
				const samples = observation.samples.get(name) ?? [];
				const since = ready?.lastTransitionTime ?? Number.POSITIVE_INFINITY;
				const last = samples.at(-1);
				return {samples: samples.length, isIdle: last !== undefined && last.timestamp - last.window >= since};
			});
			const done = counts.filter(({samples, isIdle}) => samples >= wantedSamples && isIdle).length;
			return done === replicas ? undefined : `samples of the pods: ${counts.map(({samples}) => samples).join(', ')}`;
		},
	});
}
