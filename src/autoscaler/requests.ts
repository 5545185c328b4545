import type {ControllerConfig, PodView} from './contracts.ts';
import {type ReleaseRules, rulesOf} from './release-rules.ts';

/**
 * Requests of a resource by pod, over every listed pod, counted or not.
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
	const rules = rulesOf(kubernetes);
	for (const pod of pods) {
		const isPodLevel = rules.readsPodLevelRequests && container === undefined && hasPodLevelRequests(pod);
		const request = isPodLevel ? podLevelRequest(pod, resource) : containersRequest(pod, resource, container, rules);
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
	{wantsContainer, namesContainer, countsSidecarRequests}: ReleaseRules,
): number | string {
	let sum = 0;
	for (const {name, requests, isSidecar} of pod.containers) {
		if ((container !== undefined && container !== name) || (isSidecar && !countsSidecarRequests)) {
			continue;
		}

		const request = requests[resource];
		if (request === undefined) {
			const where = namesContainer ? ` in container ${name} of Pod ${pod.name}` : '';
			return `missing request for ${resource}${where}`;
		}

		sum += request;
		if (wantsContainer && container !== undefined) {
			return sum;
		}
	}

	return wantsContainer && container !== undefined ? `container ${container} not found in Pod ${pod.name}` : sum;
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
