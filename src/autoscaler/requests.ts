import type {ControllerConfig, PodView} from './contracts.ts';

/**
 * Each pod's request of a resource, over every listed pod, counted or not.
 *
 * @param container - only this container; the whole pod when left out
 * @returns milli-units by pod name, or the error's words
 * @see kubernetes pkg/controller/podautoscaler/replica_calculator.go, calculateRequests
 */
export function requestsOf(
	pods: readonly PodView[],
	resource: string,
	container: string | undefined,
	kubernetes: ControllerConfig['kubernetes'],
): Map<string, number> | string {
	const requests = new Map<string, number>();
	const knowsPodLevel = kubernetes !== '1.32' && kubernetes !== '1.33';
	for (const pod of pods) {
		const isPodLevel = knowsPodLevel && container === undefined && hasPodLevelRequests(pod);
		const request = isPodLevel
			? podLevelRequest(pod, resource)
			: containersRequest(pod, resource, container, kubernetes === '1.35');
		if (typeof request === 'string') {
			return request;
		}

		requests.set(pod.name, request);
	}

	return requests;
}

function containersRequest(
	pod: PodView,
	resource: string,
	container: string | undefined,
	mustExist: boolean,
): number | string {
	let sum = 0;
	for (const {name, requests} of pod.containers) {
		if (container !== undefined && container !== name) {
			continue;
		}

		const request = requests[resource];
		if (request === undefined) {
			return `missing request for ${resource} in container ${name} of Pod ${pod.name}`;
		}

		sum += request;
		if (mustExist && container !== undefined) {
			return sum;
		}
	}

	return mustExist && container !== undefined ? `container ${container} not found in Pod ${pod.name}` : sum;
}

function hasPodLevelRequests({requests}: PodView): boolean {
	return (
		requests !== undefined &&
		Object.keys(requests).some(name => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'))
	);
}

// A resource without a pod-level request is the sum of the containers that have one.
function podLevelRequest(pod: PodView, resource: string): number | string {
	const request = pod.requests?.[resource];
	if (request !== undefined) {
		return request;
	}

	const requests = pod.containers.flatMap(container => container.requests[resource] ?? []);
	return requests.length > 0
		? requests.reduce((sum, value) => sum + value, 0)
		: `missing pod-level request for ${resource} in Pod ${pod.name}`;
}
