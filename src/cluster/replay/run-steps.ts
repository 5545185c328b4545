import {RandomStream} from '../../engine/random-stream.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {injectFaults} from '../load/inject-faults.ts';
import {sendRequests} from '../load/send-requests.ts';
import {sleepUntil} from '../load/sleep-until.ts';
import {unixNow} from '../observe/clock.ts';
import type {Journal} from '../observe/journal.ts';
import {Observation} from '../observe/observation.ts';
import {apply, forgetTime, removeWorkload} from '../setup/apply.ts';
import {describeFailure} from '../setup/describe-failure.ts';
import {initialReplicas, renderManifests} from '../setup/render-manifests.ts';
import {waitReady, waitSampled} from '../setup/wait-ready.ts';
import type {Prepared} from './prepare.ts';
import {sayReplayProgress} from './run-progress.ts';
import type {Step} from './step.ts';

export type ReplayRun = {readonly experiment: Experiment; readonly arm: Arm; readonly repeat: number};

/** The controller looks at a new autoscaler this long after it was made, and then every so long [s]. */
const syncPeriod = 15;
/** Of metrics-server, by the manifest that is installed [s]. */
const scrapePeriod = 15;

/**
 * The steps of one replay. Each begins from the same state: new pods, Ready with the model loaded, twice sampled, idle
 * and never asked anything, and an autoscaler that remembers nothing.
 *
 * @param journal - is written to until the steps are over
 */
export function runSteps(
	run: ReplayRun,
	prepared: Prepared,
	{journal, signal}: {journal: Journal; signal: AbortSignal},
): Step[] {
	const {experiment, arm} = run;
	const {cluster, manifests, images} = prepared;
	const replicas = initialReplicas(experiment, arm);
	const {base, hpa} = renderManifests(manifests, experiment, {arm, images});
	let observation: Observation | undefined;
	let removedAt = 0;
	const guarded = (step: Step): Step => ({
		...step,
		async run(say) {
			try {
				return await step.run(say);
			} catch (error) {
				const failure = signal.aborted ? error : await describeFailure(cluster.api, error);
				await observation?.stop();
				throw failure;
			}
		},
	});
	const steps: Step[] = [
		{
			title: 'Clean start',
			async run() {
				await removeWorkload(cluster, signal);
				removedAt = unixNow();
				observation = new Observation(cluster, entry => journal.write(entry));
				await apply(cluster, base, signal);
				return undefined;
			},
		},
		{
			title: replicas === 1 ? '1 pod Ready, model loaded' : `${replicas} pods Ready, models loaded`,
			async run(say) {
				await waitReady(observation!, {replicas, signal, say});
				return undefined;
			},
		},
		{
			title: 'Two metric samples of each pod',
			async run(say) {
				await waitSampled(observation!, {replicas, signal, say});
				await sleepUntil(removedAt + forgetTime, signal);
				return `${(unixNow() - removedAt).toFixed(0)} s after the clean start`;
			},
		},
		{
			title: `Play ${experiment.duration} s`,
			async run(say) {
				const {beforeStart, start} = planStart(run, hpa !== undefined, lastSampleAt(observation!));
				if (hpa !== undefined) {
					await sleepUntil(start - beforeStart, signal);
					await apply(cluster, [hpa], signal);
				}

				const result = await play(run, {prepared, journal, observation: observation!, start, signal, say});
				await observation!.stop();
				return result;
			},
		},
	];
	return steps.map(guarded);
}

/**
 * When the requests begin: the clocks of scrapes and reconciles then stand anyhow, by seed and repeat, and independently
 * of each other. An autoscaler made right after a scrape would always see the newest metrics there are.
 *
 * @param scrapedAt - a time of a scrape
 */
function planStart({experiment: {seed}, repeat}: ReplayRun, hasAutoscaler: boolean, scrapedAt: number) {
	const phase = (purpose: 'scrape' | 'sync') => new RandomStream({seed, replication: repeat, purpose}).uniform();
	const beforeStart = hasAutoscaler ? syncPeriod * (1 - phase('sync')) : 1;
	const wanted = scrapedAt + scrapePeriod * (1 - phase('scrape'));
	const periods = Math.max(0, Math.ceil((unixNow() + beforeStart - wanted) / scrapePeriod));
	return {beforeStart, start: exactly(wanted + periods * scrapePeriod)};
}

function lastSampleAt({samples}: Observation): number {
	return [...samples.values()].flat().reduce((last, {at}) => Math.max(last, at), Number.NEGATIVE_INFINITY);
}

/** Rounded up to a multiple of 1/1024 s: whole seconds of the API then stay exact when it is taken off them. */
function exactly(time: number): number {
	return Math.ceil(time * 1024) / 1024;
}

type Playing = {
	readonly prepared: Prepared;
	readonly journal: Journal;
	readonly observation: Observation;
	readonly start: number;
	readonly signal: AbortSignal;
	readonly say: (text: string) => void;
};

async function play(
	{experiment}: ReplayRun,
	{prepared, journal, observation, start, signal, say}: Playing,
): Promise<string> {
	const {cluster, software} = prepared;
	const over = new AbortController();
	const faultSignal = AbortSignal.any([signal, over.signal]);
	const write = (entry: Parameters<Journal['write']>[0]) => journal.write(entry);
	await sleepUntil(start, signal);
	signal.throwIfAborted();
	write({type: 'start', at: start});
	const progress = sayReplayProgress({experiment, journal, observation, start, say});
	const faults = injectFaults({cluster, experiment, pods: observation.pods, start, write, signal: faultSignal});
	faults.catch(() => undefined); // told below
	try {
		const {tokenCount} = software;
		await sendRequests({experiment, address: cluster.address, tokenCount, start, write, signal});
		over.abort();
		await faults;
	} finally {
		over.abort();
		await faults.catch(() => undefined);
		progress.stop();
	}

	signal.throwIfAborted();
	write({type: 'end', at: unixNow(), why: 'done'});
	return progress.line();
}
