import type {Experiment} from '../../experiment/experiment.ts';
import {backendContainer} from '../../experiment/model-container.ts';
import {fullSpeedOf} from '../../experiment/threads.ts';
import type {Probe} from '../../records/machine.ts';
import {nodeLoads} from '../measured/observed-tables.ts';
import {pressureOf} from '../measured/pressure.ts';
import {throttlingOf} from '../measured/throttling.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry} from '../observe/entry.ts';
import {Observation} from '../observe/observation.ts';
import type {Prepared} from '../replay/prepare.ts';
import {apply, removeWorkload} from '../setup/apply.ts';
import {renderManifests} from '../setup/render-manifests.ts';
import {waitReady} from '../setup/wait-ready.ts';
import {describeMachine} from './describe-machine.ts';
import {sendProbe} from './probe-requests.ts';

type Probing = {
	readonly prepared: Prepared;
	readonly when: Probe['when'];
	readonly write: (entry: JournalEntry) => void;
	readonly signal: AbortSignal;
	readonly report: (detail: string) => void;
};

/**
 * Probes the speed of one pod of the experiment, which is made for it and removed again, without an autoscaler: whatever
 * the measurement begins with is made after it, or was measured before it, so the probe takes nothing from it.
 *
 * @returns the result in words
 */
export async function probeMachine(experiment: Experiment, probing: Probing): Promise<string> {
	const {prepared, when, write, signal, report} = probing;
	const {cluster, manifests, images, software} = prepared;
	const {deployment} = experiment;
	const seen: JournalEntry[] = [];
	await removeWorkload(cluster, signal);
	const {base} = renderManifests(manifests, experiment, {arm: 'dynamic', images, replicas: 1, isBare: true});
	const backend = backendContainer(deployment)!.name;
	const observation = new Observation(cluster, {backend, write: entry => seen.push(entry)});
	try {
		await apply(cluster, base, signal);
		await waitReady(observation, {replicas: 1, signal, report});
		const [pod = ''] = observation.pods.keys();
		report('idle pod at work');
		const at = unixNow();
		const {tokenCount} = software;
		const described = await describeMachine(cluster, {pod, container: deployment.llm.container, signal});
		const requests = await sendProbe({address: cluster.address, tokenCount, signal});
		const durationSeconds = unixNow() - at;
		if (described !== undefined) {
			write({type: 'machine', at, machine: described.machine});
		}

		const clock = described?.clockMHz;
		const state = stateOf(
			seen.filter(entry => entry.at >= at),
			experiment,
		);
		const cores = fullSpeedOf(deployment);
		const probe = {when, durationSeconds, cores, requests, ...(clock !== undefined && {clockMHz: clock}), ...state};
		write({type: 'probe', at, probe});
		return `${requests.length} ${requests.length === 1 ? 'request' : 'requests'} in ${durationSeconds.toFixed(0)} s`;
	} finally {
		await observation.stop();
		await removeWorkload(cluster, AbortSignal.timeout(60_000));
	}
}

/** State of the machine during a probe, as far as it was observed. */
function stateOf(entries: readonly JournalEntry[], {deployment}: Experiment): Partial<Probe> {
	const loads = nodeLoads(entries.filter(entry => entry.type === 'node'));
	const meanOf = (read: (load: (typeof loads)[number]) => number) =>
		loads.reduce((sum, load) => sum + read(load), 0) / loads.length;
	const pressure = loads[0] && pressureOf(entries, loads[0].node);
	const own = throttlingOf(entries, deployment.containers).find(
		({container}) => container === deployment.llm.container,
	);
	return {
		...(loads.length > 0 && {busy: meanOf(({busy}) => busy), steal: meanOf(({steal}) => steal)}),
		...(pressure !== undefined && {pressure}),
		...(own !== undefined && {throttledTime: own.throttledTime}),
		...(own?.quotaWhenThrottled != null && {quotaWhenThrottled: own.quotaWhenThrottled}),
	};
}
