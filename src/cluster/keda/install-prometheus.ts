import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {unixNow} from '../observe/clock.ts';
import {apply} from '../setup/apply.ts';
import type {Cluster, Manifest} from '../setup/cluster.ts';
import {loadLocalImage} from '../setup/images.ts';
import {renderPrometheus} from './render-keda.ts';
import {waitingFault} from './waiting-fault.ts';

const prometheusNamespace = 'replicast-prometheus';
const deployment = `/apis/apps/v1/namespaces/${prometheusNamespace}/deployments/prometheus`;
const timeout = 120;

type Rollout = {
	readonly metadata: {readonly generation: number};
	readonly spec: {readonly template: {readonly spec: {readonly containers: readonly {readonly image: string}[]}}};
	readonly status?: {
		readonly observedGeneration?: number;
		readonly updatedReplicas?: number;
		readonly availableReplicas?: number;
		readonly unavailableReplicas?: number;
	};
};

type StartOptions = {
	readonly experiment: Experiment;
	readonly manifests: readonly Manifest[];
	readonly image?: string | undefined;
	readonly signal: AbortSignal;
};

/** Image of Prometheus that would be installed. */
export function prometheusImage(manifests: readonly Manifest[], given?: string): string {
	const found = manifests.find(({kind}) => kind === 'Deployment') as Manifest & Rollout;
	return given ?? found.spec.template.spec.containers[0]!.image;
}

/**
 * Starts Prometheus without memory of earlier runs, with the periods of an experiment.
 *
 * @returns its image
 * @throws {UserError} E_CLUSTER when it does not start
 */
export async function startPrometheus(
	cluster: Cluster,
	{experiment, manifests, image, signal}: StartOptions,
): Promise<string> {
	const used = prometheusImage(manifests, image);
	await loadLocalImage(used, cluster, signal);
	const model = experiment.customMetrics?.prometheus;
	await apply(cluster, renderPrometheus(manifests, {model, image, start: Math.round(unixNow() * 1000)}), signal);
	for (let waited = 0; waited < timeout * 2; waited++) {
		const {metadata, status = {}} = await cluster.api.get<Rollout>(deployment);
		const {observedGeneration, updatedReplicas, availableReplicas, unavailableReplicas = 0} = status;
		const isSeen = observedGeneration === metadata.generation;
		if (isSeen && updatedReplicas === 1 && availableReplicas === 1 && unavailableReplicas === 0) {
			return used;
		}

		const fault = await waitingFault(cluster.api, prometheusNamespace);
		if (fault !== undefined) {
			throw new UserError('E_CLUSTER', `Expected Prometheus to start, got ${fault}`);
		}

		await sleep(500, undefined, {signal});
	}

	throw new UserError('E_CLUSTER', `Expected Prometheus to be ready within ${timeout} s, got one that is not`);
}

/** Removes Prometheus and the Services by which it finds its targets. */
export async function removePrometheus({api}: Cluster): Promise<void> {
	await api.remove(`/api/v1/namespaces/${prometheusNamespace}`);
	for (const name of ['llm-pods', 'gateway-pods']) {
		await api.remove(`/api/v1/namespaces/replicast/services/${name}`);
	}
}
