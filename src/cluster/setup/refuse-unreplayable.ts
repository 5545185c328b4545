import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {unreplayableKeda} from '../keda/needs.ts';

/** Means that some experiments need and a cluster may lack. */
type Means = {
	/** Whether commands can be run on the nodes. */
	readonly reachesNodes: boolean;
};

/**
 * Refuses an experiment that this cluster cannot replay.
 *
 * @throws {UserError} E_CONFIG with the first thing that only the simulator can run
 */
export function refuseUnreplayable(experiment: Experiment, arms: readonly Arm[], {reachesNodes}: Means): void {
	const {name, deployment, autoscaler, fixed, faults} = experiment;
	const refuse = (what: string, rule: string, got: string) => {
		throw new UserError('E_CONFIG', `${name}: Expected ${what} to be ${rule} in a replay, got ${got}`);
	};

	const names = deployment.containers.map(container => container.name);
	if (names.length !== 2 || !names.includes(deployment.llm.container)) {
		refuse('deployment.containers', 'a backend and the container of the LLM', names.join(', '));
	}

	if (deployment.llm.model === 'none') {
		refuse('deployment.llm.model', 'a model of Ollama', 'none');
	}

	if (deployment.llm.keepAlive !== Number.POSITIVE_INFINITY) {
		refuse('deployment.llm.keepAlive', 'forever, as the pod keeps its model,', `${deployment.llm.keepAlive} s`);
	}

	if (deployment.balancing !== 'random') {
		refuse('deployment.balancing', 'random, as kube-proxy does it,', deployment.balancing);
	}

	if (arms.includes('fixed') && fixed === undefined) {
		refuse('fixed', 'given for the fixed arm', 'none');
	}

	if (deployment.readiness.overload !== undefined) {
		refuse('deployment.readiness.overload', 'left out, as the backend answers probes whatever waits,', 'given');
	}

	if (deployment.waiting !== undefined) {
		const rule = 'left out, as the backend takes requests and queues them,';
		refuse('deployment.waiting', rule, `at: ${deployment.waiting.at}`);
	}

	if (experiment.nodeAutoscaler !== undefined) {
		refuse('nodeAutoscaler', 'left out, as the nodes of a cluster are there', experiment.nodeAutoscaler.kind);
	}

	const fault = unreplayableKeda(experiment);
	if (fault !== undefined) {
		refuse(fault.what, fault.rule, fault.got);
	}

	const isOwn = autoscaler === 'none' || experiment.keda !== undefined;
	const foreign = isOwn ? undefined : autoscaler.metrics.find(({type}) => !type.endsWith('Resource'));
	if (foreign !== undefined) {
		refuse(
			'autoscaler.metrics',
			'resource metrics, or a ScaledObject of KEDA with prometheus triggers,',
			`${foreign.type} ${foreign.name}`,
		);
	}

	if (!reachesNodes && faults.some(({kind}) => kind === 'node-pressure')) {
		refuse('faults', 'possible on a cluster whose nodes are not within reach', 'node-pressure');
	}
}
