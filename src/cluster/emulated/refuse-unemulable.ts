import {UserError} from '../../errors.ts';
import type {Experiment, FaultPlan} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {mostPools} from './karpenter/karpenter-objects.ts';
import {nodePlan} from './node-plan.ts';

/** Faults that happen to pods without containers as to real ones. */
const emulated: ReadonlySet<FaultPlan['kind']> = new Set(['pod-kill', 'metrics-outage', 'rollout']);

/** A control plane gives so many nodes an address range of their own: 10.244.0.0/16 in parts of 256. */
const mostNodes = 250;

/**
 * Refuses an experiment that an emulated cluster cannot replay.
 *
 * @throws {UserError} E_CONFIG with the first thing that only the simulator, or a real replay, can run
 */
export function refuseUnemulable(experiment: Experiment, arms: readonly Arm[]): void {
	const {name, deployment, autoscaler, fixed, faults, metrics, keda} = experiment;
	const refuse: Refuse = (what, rule, got) => {
		throw new UserError('E_CONFIG', `${name}: Expected ${what} to be ${rule} in an emulated replay, got ${got}`);
	};

	if (arms.includes('fixed') && fixed === undefined) {
		refuse('fixed', 'given for the fixed arm', 'none');
	}

	refuseNodes(experiment, refuse);

	if (keda !== undefined) {
		refuse('autoscaler', 'an HPA', 'a ScaledObject');
	}

	if (metrics === 'ideal' || metrics.rateWindow !== undefined) {
		const rule = 'a pipeline of the kubelet and metrics-server, whose samples are served as they are,';
		refuse('metrics', rule, metrics === 'ideal' ? 'ideal' : 'rateWindow');
	}

	const foreign = autoscaler === 'none' ? undefined : autoscaler.metrics.find(({type}) => !type.endsWith('Resource'));
	if (foreign !== undefined) {
		refuse('autoscaler.metrics', 'resource metrics', `${foreign.type} ${foreign.name}`);
	}

	if (deployment.readiness.overload !== undefined) {
		refuse('deployment.readiness.overload', 'left out, as no probe is emulated,', 'given');
	}

	const fault = faults.find(({kind}) => !emulated.has(kind));
	if (fault !== undefined) {
		refuse('faults', `of ${[...emulated].join(', ')}`, fault.kind);
	}
}

type Refuse = (what: string, rule: string, got: string) => void;

/** Refuses nodes that only the simulator has. */
function refuseNodes(experiment: Experiment, refuse: Refuse): void {
	const {nodeAutoscaler} = experiment;
	if (nodeAutoscaler === undefined) {
		const {count} = nodePlan(experiment);
		if (count > mostNodes) {
			refuse('the number of nodes', `at most ${mostNodes}`, String(count));
		}

		return;
	}

	if (nodeAutoscaler.kind !== 'karpenter') {
		refuse('nodeAutoscaler.kind', 'karpenter, which alone has a provider of emulated nodes,', nodeAutoscaler.kind);
	}

	if (nodeAutoscaler.spare !== undefined) {
		refuse('nodeAutoscaler.spare', 'left out', `${nodeAutoscaler.spare.replicas} pods`);
	}

	const {pools} = nodeAutoscaler;
	if (pools.length > mostPools) {
		refuse('the number of pools', `at most ${mostPools}`, String(pools.length));
	}
}
