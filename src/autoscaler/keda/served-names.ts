import type {KedaSpec} from './keda-spec.ts';

/** External metrics of the HPA that KEDA makes. */
export function servedNames({triggers, modifiers}: KedaSpec, composite: string): string[] {
	return modifiers === undefined ? triggers.flatMap(({metric}) => metric ?? []) : [composite];
}
