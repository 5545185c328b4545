/*
 * What containers request and may use at most, by the name of the resource.
 */

export type ResourceList = Readonly<Record<string, number>>;

/**
 * Requests as the API server stores them: a resource that has a limit and no request requests its limit.
 *
 * @see kubernetes 1.34 pkg/apis/core/v1/defaults.go, SetDefaults_Pod
 */
export function defaultedRequests(requests: ResourceList, limits: ResourceList): ResourceList {
	return {...limits, ...requests};
}

/** Whether a container can ask for it beside CPU and memory. */
export function isOtherResource(name: string): boolean {
	return name === 'ephemeral-storage' || isHugePages(name) || isExtendedResource(name);
}

/**
 * Whether it is counted in whole units that someone outside Kubernetes offers, such as `nvidia.com/gpu`.
 *
 * @see kubernetes 1.34 pkg/apis/core/v1/helper/helpers.go, IsExtendedResourceName
 */
export function isExtendedResource(name: string): boolean {
	const isQualified = /^[a-z0-9](?:[-a-z0-9.]{0,200}[a-z0-9])?\/[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,60}[A-Za-z0-9])?$/.test(
		name,
	);
	return isQualified && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

/** Whether its request must be its limit, since nobody can have more of it than is set aside. */
export function isNeverOvercommitted(name: string): boolean {
	return isHugePages(name) || isExtendedResource(name);
}

/** Whether it is a graphics processor, whole or a part of one. */
export function isGpu(name: string): boolean {
	return isExtendedResource(name) && /(?:^|[-./])(?:gpu|mig-|xpu|i915|hpu|neuron|tpu)/.test(name);
}

function isHugePages(name: string): boolean {
	return name.startsWith('hugepages-');
}
