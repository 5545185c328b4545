import {hpaObjectSpec} from '../../autoscaler/hpa-manifest.ts';
import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import {boundOf} from '../most-use.ts';
import type {LintedContainer, LintedWorkload} from '../subject.ts';

type RatePoint = {readonly at: string; readonly perSecond: number};

export type WitnessLoad = {
	/** [min] */
	readonly minutes: number;
	readonly rate: readonly RatePoint[];
	/** CPU time of a request [s]. */
	readonly cpuSeconds: number;
};

/** Cores of a container without a limit that its requests do not say either. */
const assumedCores = 1;

/** Container that does the work: the one that is known, else the first. */
export function workerOf({containers, worker}: LintedWorkload): LintedContainer {
	return containers.find(({name}) => name === worker) ?? containers[0]!;
}

/** Cores that the worker of a pod uses at most: as many as it requests where nothing bounds it. */
export function coresOf(workload: LintedWorkload): number {
	const container = workerOf(workload);
	return boundOf(container, 'cpu', workload) ?? container.requests.cpu ?? assumedCores;
}

/**
 * Experiment that loads a workload with requests that take CPU time, on nodes with room for every pod.
 *
 * @param spec - the autoscaler
 */
export function witnessExperiment(spec: HpaSpec, workload: LintedWorkload, {minutes, rate, cpuSeconds}: WitnessLoad) {
	const worker = workerOf(workload);
	const cores = Math.max(1, Math.ceil(coresOf(workload)));
	return {
		name: 'witness',
		seed: 1,
		duration: `${minutes}m`,
		workload: {
			arrivals: {process: 'poisson', interpolation: 'step', rate},
			requests: {cpuSeconds: {distribution: 'constant', value: `${cpuSeconds}s`}},
			timeout: '30s',
		},
		deployment: {
			containers: Object.fromEntries(workload.containers.map(({name, requests, limits}) => [name, {requests, limits}])),
			...(workload.containers.length > 1 && {llm: {container: worker.name}}),
			service: serverModel(cores),
			startup: {distribution: 'constant', value: '10s'},
			balancing: 'least-requests',
		},
		autoscaler: hpaObjectSpec(spec),
		slo: {},
	};
}

function serverModel(cores: number) {
	const value = (amount: number, unit: string) => ({value: amount, unit, source: 'Assumed.'});
	return {
		apiVersion: 'replicast/v1',
		kind: 'ServerModel',
		name: 'witness',
		status: 'uncalibrated',
		date: '2026-01-01',
		concurrency: value(Math.min(1024, 4 * cores), 'requests'),
		threads: value(Math.min(1024, cores), 'threads'),
		perRequest: value(0, 'CPU s'),
		idleCpu: value(0.001, 'cores'),
		memory: {idle: value(2 ** 26, 'bytes'), perRequest: value(2 ** 16, 'bytes')},
	};
}
