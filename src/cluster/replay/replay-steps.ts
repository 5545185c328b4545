import {RandomStream} from '../../engine/random-stream.ts';
import {backendContainer} from '../../experiment/model-container.ts';
import {initialReplicas} from '../../experiment/pod-requests.ts';
import {startPrometheus} from '../keda/install-prometheus.ts';
import {needsKeda, needsPrometheus} from '../keda/needs.ts';
import {withFaults} from '../load/inject-faults.ts';
import {sendRequests} from '../load/send-requests.ts';
import {sleepUntil} from '../load/sleep-until.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry} from '../observe/entry.ts';
import {Observation} from '../observe/observation.ts';
import {probeMachine} from '../probe/probe-machine.ts';
import {apply, forgetTime, removeWorkload} from '../setup/apply.ts';
import {type Rendered, renderManifests} from '../setup/render-manifests.ts';
import {waitReady, waitSampled} from '../setup/wait-ready.ts';
import {guardedStep} from './guarded-step.ts';
import type {Prepared} from './prepare.ts';
import type {StepSurroundings} from './replay-engine.ts';
import type {ReplayRun} from './replay-run.ts';
import {reportRequestCounts} from './request-counts.ts';
import type {Step} from './step.ts';

/** The controller looks at a new autoscaler this long after it was made, and then every so long [s]. */
const syncPeriod = 15;
/** Scrape period of metrics-server, by the manifest that is installed [s]. */
const scrapePeriod = 15;

type Surroundings = StepSurroundings & {readonly prepared: Prepared};

/**
 * Steps of one replay. Each replay begins from the same state: new pods, Ready with the model loaded, twice sampled, idle
 * and never asked anything, and an autoscaler that remembers nothing.
 */
export function replaySteps(run: ReplayRun, surroundings: Surroundings): Step[] {
	return new Replay(run, surroundings).steps();
}

class Replay {
	readonly #run: ReplayRun;
	readonly #surroundings: Surroundings;
	readonly #rendered: Rendered;
	#observation: Observation | undefined;
	#removedAt = 0;

	constructor(run: ReplayRun, surroundings: Surroundings) {
		const {manifests, images} = surroundings.prepared;
		this.#run = run;
		this.#surroundings = surroundings;
		this.#rendered = renderManifests(manifests, run.experiment, {arm: run.arm, images});
	}

	steps(): Step[] {
		const {experiment, arm} = this.#run;
		const replicas = initialReplicas(experiment, arm);
		const {signal, probes, prepared} = this.#surroundings;
		const probe = (when: 'before' | 'after'): Step => ({
			title: `Speed of an idle pod ${when} the load`,
			run: async report => probeMachine(experiment, {...this.#probing(), when, report}),
		});
		const steps: Step[] = [
			...(probes ? [probe('before')] : []),
			{title: 'Clean start', run: async () => this.#startClean()},
			{
				title: readyTitle(replicas),
				run: async report => waitReady(this.#observation!, {replicas, signal, report}),
			},
			{title: 'Two metric samples of each pod', run: async report => this.#waitSampled(replicas, report)},
			{title: `Replay ${experiment.duration} s`, run: async report => this.#replay(report)},
			...(probes ? [forgiving(probe('after'), signal)] : []),
		];
		const {api} = prepared.cluster;
		return steps.map(step => guardedStep(step, {api, signal, end: async () => this.#observation?.stop()}));
	}

	#probing() {
		const {prepared, journal, signal} = this.#surroundings;
		return {prepared, signal, write: (entry: JournalEntry) => journal.write(entry)};
	}

	async #startClean(): Promise<undefined> {
		const {prepared, journal, signal} = this.#surroundings;
		const {cluster} = prepared;
		await removeWorkload(cluster, signal);
		this.#removedAt = unixNow();
		const {experiment, arm} = this.#run;
		const backend = backendContainer(experiment.deployment)!.name;
		const keda = needsKeda(experiment, arm) ? experiment.keda : undefined;
		this.#observation = new Observation(cluster, {backend, keda, write: entry => journal.write(entry)});
		await apply(cluster, this.#rendered.base, signal);
		if (needsPrometheus(experiment, arm)) {
			const {manifests, prometheusImage: image} = prepared;
			await startPrometheus(cluster, {experiment, manifests: manifests.prometheus, image, signal});
		}
	}

	async #waitSampled(replicas: number, report: (detail: string) => void): Promise<string> {
		const {signal} = this.#surroundings;
		await waitSampled(this.#observation!, {replicas, signal, report});
		await sleepUntil(this.#removedAt + forgetTime, signal);
		return `${(unixNow() - this.#removedAt).toFixed(0)} s after the clean start`;
	}

	async #replay(report: (detail: string) => void): Promise<string> {
		const {prepared, signal} = this.#surroundings;
		const {autoscaler} = this.#rendered;
		const observation = this.#observation!;
		const {beforeStart, start} = planStart(this.#run, autoscaler !== undefined, lastSampleAt(observation));
		if (autoscaler !== undefined) {
			await sleepUntil(start - beforeStart, signal);
			await apply(prepared.cluster, [autoscaler], signal);
		}

		const result = await measure(this.#run, {...this.#surroundings, observation, start, report});
		await observation.stop();
		return result;
	}
}

function readyTitle(replicas: number): string {
	return replicas === 0
		? 'No pod, as KEDA rests at 0'
		: replicas === 1
			? '1 pod Ready, model loaded'
			: `${replicas} pods Ready, models loaded`;
}

/** The step after a whole measurement, which its failure does not spoil: it is then without. */
function forgiving({title, run}: Step, signal: AbortSignal): Step {
	return {
		title,
		run: async report =>
			run(report).catch((error: Error) => {
				signal.throwIfAborted();
				return `not measured: ${error.message}`;
			}),
	};
}

/**
 * Start of the requests: the clocks of scrapes and reconciles then stand anyhow, by seed and repeat, and independently of
 * each other. An autoscaler made right after a scrape would always see the newest metrics there are.
 *
 * @param scrapedAt - a time of a scrape
 */
export function planStart({experiment: {seed}, repeat}: ReplayRun, hasAutoscaler: boolean, scrapedAt: number) {
	const phase = (purpose: 'scrape' | 'sync') => new RandomStream({seed, replication: repeat, purpose}).uniform();
	const beforeStart = hasAutoscaler ? syncPeriod * (1 - phase('sync')) : 1;
	const wanted = scrapedAt + scrapePeriod * (1 - phase('scrape'));
	const periods = Math.max(0, Math.ceil((unixNow() + beforeStart - wanted) / scrapePeriod));
	return {beforeStart, start: exactly(wanted + periods * scrapePeriod)};
}

/** Time of a scrape of metrics-server; any time where there is no pod that it sampled. */
function lastSampleAt({samples}: Observation): number {
	const times = [...samples.values()].flat().map(({at}) => at);
	return times.length === 0 ? unixNow() : Math.max(...times);
}

/** Rounded up to a multiple of 1/1024 s: whole seconds of the API then stay exact when it is taken off them. */
function exactly(time: number): number {
	return Math.ceil(time * 1024) / 1024;
}

type Measuring = Surroundings & {
	readonly observation: Observation;
	readonly start: number;
	readonly report: (detail: string) => void;
};

/** Sends the requests and injects the faults from `start` on, to the end of the experiment. */
async function measure({experiment}: ReplayRun, measuring: Measuring): Promise<string> {
	const {prepared, journal, observation, start, signal, report} = measuring;
	const {cluster, software} = prepared;
	const write = (entry: JournalEntry) => journal.write(entry);
	await sleepUntil(start, signal);
	signal.throwIfAborted();
	write({type: 'start', at: start});
	const counts = reportRequestCounts({experiment, journal, observation, start, report});
	try {
		const {tokenCount} = software;
		await withFaults({cluster, experiment, pods: observation.pods, start, write, signal}, async () =>
			sendRequests({experiment, address: cluster.address, tokenCount, start, write, signal}),
		);
	} finally {
		counts.stop();
	}

	signal.throwIfAborted();
	write({type: 'end', at: unixNow(), why: 'done'});
	return counts.line();
}
