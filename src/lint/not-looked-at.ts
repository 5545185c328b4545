import type {LintedObject, TextPlace} from './subject.ts';

/** Note on what no rule, or not every rule, looked at. */
export type NotLookedAt = {
	/** `part` of an autoscaler: rules that need what is missing were silent. A `chart` is a Helm chart that is not rendered. */
	readonly what: 'autoscaler' | 'part' | 'chart' | 'file';
	readonly place: TextPlace;
	/** Autoscaler that is meant; left out of charts and files. */
	readonly object?: Pick<LintedObject, 'kind' | 'name' | 'namespace'>;
	/** Reason, as a sentence without its full stop. */
	readonly why: string;
	/** Command line by which it is looked at. */
	readonly command?: string;
};
