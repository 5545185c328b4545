import type {ContainerView} from '../autoscaler/reconcile.ts';
import type {Container} from '../experiment/experiment.ts';

/** An experiment's containers as the autoscaler sees them: requests in milli-units, a missing request left out. */
export function containerViews(containers: readonly Container[]): ContainerView[] {
	return containers.map(({name, requests: {cpu, memory}}) => ({
		name,
		requests: {
			...(cpu !== undefined && {cpu: milli(cpu)}),
			...(memory !== undefined && {memory: milli(memory)}),
		},
	}));
}

/** Rounded up as Quantity.MilliValue does, but for the last bit of a double such as 0.07 · 1000. */
function milli(value: number): number {
	return Math.ceil(Number((value * 1000).toPrecision(15)));
}
