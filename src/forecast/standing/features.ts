import type {Experiment} from '../../experiment/experiment.ts';
import {requestedGpuNames} from '../../experiment/pod-requests.ts';

/** Parts of the simulator that an experiment uses, in words of a report, and how far it goes. */
export type Features = {
	readonly used: readonly string[];
	/** Most pods that either arm may have. */
	readonly mostPods: number;
	/** [s] */
	readonly seconds: number;
};

/**
 * Parts of the simulator that an experiment uses and on which its figures depend: two experiments that use the same are
 * of one kind for a validation.
 */
export function featuresOf(experiment: Experiment): Features {
	const {duration, autoscaler, deployment, fixed} = experiment;
	return {
		used: [
			...workloadFeatures(experiment),
			...deploymentFeatures(experiment),
			...autoscalerFeatures(experiment),
			...[...new Set(experiment.faults.map(({kind}) => `fault ${kind}`))],
		],
		mostPods: Math.max(
			autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.maxReplicas,
			fixed?.replicas ?? 0,
		),
		seconds: duration,
	};
}

function workloadFeatures({workload}: Experiment): string[] {
	const {requests, tenants, patience, retries} = workload;
	const isTrace = workload.loop === 'open' && workload.arrivals.process === 'trace';
	const isCurve = workload.loop === 'closed' && workload.users.curve !== undefined;
	const hasOwnWork =
		requests.serviceSeconds !== undefined ||
		requests.cpuSeconds !== undefined ||
		(workload.loop === 'open' && workload.arrivals.process === 'trace' && workload.arrivals.work !== undefined);
	return given([
		[isTrace, 'a trace of requests'],
		[workload.loop === 'open' && workload.arrivals.process === 'gamma', 'gamma arrivals'],
		[workload.loop === 'closed', 'users who wait for their answers'],
		[isCurve, 'users who come and go'],
		[hasOwnWork, 'requests without tokens'],
		[tenants.length > 1, 'several tenants'],
		[tenants.some(({arrivals}) => arrivals !== undefined), 'arrivals of one tenant'],
		[patience !== undefined, 'clients who lose patience'],
		[retries !== undefined, 'retries'],
	]);
}

function deploymentFeatures({deployment, prices, nodeAutoscaler}: Experiment): string[] {
	const {service, startup, llm, readiness, waiting, nodes, balancing} = deployment;
	const hasSlots = service.kind !== 'server' && service.kind !== 'engine';
	return given([
		[service.kind === 'time', 'a given time in service'],
		[service.kind === 'work', `service model ${service.kind === 'work' ? service.name : ''}`],
		[service.kind === 'server', `server model ${service.kind === 'server' ? service.name : ''}`],
		[service.kind === 'engine', `engine model ${service.kind === 'engine' ? service.name : ''}`],
		[startup.kind === 'total', 'a given start-up time'],
		[startup.kind === 'stages', `start-up model ${startup.kind === 'stages' ? startup.name : ''}`],
		[hasSlots && llm.parallel > 1, 'several requests at a time in a pod'],
		[hasSlots && llm.threads > 1, 'several threads'],
		[llm.keepAlive !== Number.POSITIVE_INFINITY, 'unloading of an idle model'],
		[readiness.overload !== undefined, 'readiness under overload'],
		[waiting?.at === 'proxy', 'waiting at a proxy'],
		[waiting !== undefined && waiting.at !== 'proxy', 'bounded waiting in the pod'],
		[balancing !== 'random', `${balancing} balancing`],
		[nodes !== undefined && nodes.count > 1, 'several nodes'],
		[requestedGpuNames(deployment).length > 0, 'GPUs'],
		[prices.kind === 'nodes', 'billing of nodes'],
		[nodeAutoscaler !== undefined, 'nodes that come and go'],
	]);
}

function autoscalerFeatures({autoscaler, metrics, controller}: Experiment): string[] {
	if (autoscaler === 'none') {
		return ['no autoscaler'];
	}

	return given([
		[metrics === 'ideal', 'metrics without delay'],
		[metrics !== 'ideal' && metrics.rateWindow !== undefined, 'prometheus-adapter'],
		[
			metrics !== 'ideal' && metrics.rateWindow === undefined,
			`metrics model ${metrics === 'ideal' ? '' : metrics.name}`,
		],
		[autoscaler.metrics.some(({type}) => type === 'ContainerResource'), 'metrics of a container'],
		[autoscaler.metrics.some(({target}) => target.type !== 'Utilization'), 'targets that are no utilization'],
		[autoscaler.behavior !== undefined, 'a behavior of the autoscaler'],
		[controller !== undefined, 'flags of the controller'],
	]);
}

function given(features: readonly (readonly [boolean, string])[]): string[] {
	return features.flatMap(([isUsed, name]) => (isUsed ? [name] : []));
}
