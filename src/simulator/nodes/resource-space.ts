import {isNeverOvercommitted} from '../../autoscaler/resource-list.ts';
import type {Deployment, Resources} from '../../experiment/experiment.ts';
import type {InstanceType, NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {podRequests} from '../../experiment/pod-requests.ts';

/** Index of the form of the Deployment's pods, and of spare pods. */
export const appForm = 0;
export const spareForm = 1;

/** Resources that pods request, by an index: CPU, memory, the number of pods, and others. */
export class ResourceSpace {
	/** Requests of a pod by its form. */
	readonly requests: readonly Float64Array[];
	/** Resources that a node of each type offers. */
	readonly rooms: readonly Float64Array[];
	/** Forms with the largest requests first. @see karpenter v1.14.1 scheduling/queue.go, byCPUAndMemoryDescending */
	readonly order: readonly number[];
	readonly #names: readonly string[];

	constructor({types, spare}: NodeAutoscaler, deployment: Deployment) {
		const app: Resources = podRequests(deployment);
		const forms = [app, ...(spare === undefined ? [] : [spare.requests])];
		const others = [...new Set(forms.flatMap(form => Object.keys(form)))].filter(
			name => name !== 'cpu' && name !== 'memory' && isNeverOvercommitted(name),
		);
		this.#names = ['cpu', 'memory', ...others];
		this.requests = forms.map(form => this.#vector(form, 1));
		this.rooms = types.map(({allocatable, mostPods}) => this.#vector(allocatable, mostPods));
		this.order = forms
			.map((_, index) => index)
			.sort((a, b) => {
				const [x, y] = [this.requests[a]!, this.requests[b]!];
				return y[0]! - x[0]! || y[1]! - x[1]! || a - b;
			});
	}

	/**
	 * Requests on a node by what it offers: the larger part of CPU and memory, or that of its GPUs where it has any.
	 *
	 * @see autoscaler cluster-autoscaler-1.36.1 simulator/utilization/info.go, Calculate
	 */
	utilization(type: number, free: Float64Array): {readonly utilization: number; readonly isGpu: boolean} {
		const room = this.rooms[type]!;
		const used = (index: number) => (room[index]! > 0 ? (room[index]! - free[index]!) / room[index]! : 0);
		const gpu = this.#names.findIndex((name, index) => index > 1 && room[index]! > 0 && name.includes('gpu'));
		return gpu === -1 ? {utilization: Math.max(used(0), used(1)), isGpu: false} : {utilization: used(gpu), isGpu: true};
	}

	#vector(resources: Resources, pods: number): Float64Array {
		return Float64Array.from([...this.#names.map(name => resources[name] ?? 0), pods]);
	}
}

/** Whether an instance type has GPUs, whose driver takes time. */
export function hasGpus({capacity}: InstanceType): boolean {
	return Object.entries(capacity).some(
		([name, amount]) => isNeverOvercommitted(name) && name.includes('gpu') && amount! > 0,
	);
}

/** Whether the requests fit what is free. Sums of decimal fractions such as 6 × 0.15 must not fail by their last bit. */
export function fitsIn(requests: Float64Array, free: Float64Array): boolean {
	for (let index = 0; index < requests.length; index++) {
		if (requests[index]! > free[index]! + 1e-9 * Math.max(1, requests[index]!)) {
			return false;
		}
	}

	return true;
}

/** Takes the requests of pods from what is free, or gives them back. */
export function take(free: Float64Array, requests: Float64Array, pods: number): void {
	for (let index = 0; index < requests.length; index++) {
		free[index]! -= requests[index]! * pods;
	}
}
