import type {Shadowed} from '../../shadow/shadowed.ts';
import type {ShadowTally} from '../../shadow/tally.ts';

type Exposed = {
	readonly namespace: string;
	readonly name: string;
	readonly tally: ShadowTally;
	/** The last decision; left out before there is one. */
	readonly last?: Shadowed | undefined;
};

type Sample = {readonly value: number; readonly labels?: Readonly<Record<string, string>>};

/**
 * State of a watch in Prometheus' text format.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function shadowExposition({namespace, name, tally, last}: Exposed): string {
	const {checked, reproduced, first, unsure, failed, changes, against} = tally;
	const own = {namespace, horizontalpodautoscaler: name};
	const family = (metric: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string[] =>
		samples.length === 0
			? []
			: [
					`# HELP replicast_shadow_${metric} ${help}`,
					`# TYPE replicast_shadow_${metric} ${type}`,
					...samples.map(({value, labels}) => `replicast_shadow_${metric}${labelText({...own, ...labels})} ${value}`),
				];
	const some = (value: number | undefined): Sample[] => (value === undefined ? [] : [{value}]);
	return [
		...family('decisions_total', 'counter', 'Decisions of the controller by how they compare.', [
			{labels: {standing: 'reproduced'}, value: reproduced},
			{labels: {standing: 'missed'}, value: checked - reproduced},
			{labels: {standing: 'memory'}, value: unsure},
			{labels: {standing: 'scale'}, value: failed},
		]),
		...family('most_probable_total', 'counter', 'Decisions that the most probable input alone reproduces.', [
			{value: first},
		]),
		...family('changes_total', 'counter', 'Decisions that changed the number of pods.', [{value: changes}]),
		...family('reproduced_ratio', 'gauge', 'Share of the compared decisions that are reproduced.', [
			...(checked === 0 ? [] : [{value: reproduced / checked}]),
		]),
		...family('current_replicas', 'gauge', 'Pods wanted before the last decision.', some(last?.currentReplicas)),
		...family('desired_replicas', 'gauge', 'Pods wanted by the last decision, by who decides.', [
			...some(last?.desiredReplicas).map(sample => ({...sample, labels: {by: 'controller'}})),
			...some(last?.decision.desiredReplicas).map(sample => ({...sample, labels: {by: 'replicast'}})),
			...some(last?.against?.desiredReplicas).map(sample => ({...sample, labels: {by: 'against'}})),
		]),
		...family('against_differs_total', 'counter', 'Decisions in which the second manifest wants another number.', [
			...(against === undefined
				? []
				: [
						{labels: {wants: 'fewer'}, value: against.fewer},
						{labels: {wants: 'more'}, value: against.more},
					]),
		]),
		...family('last_decision_timestamp_seconds', 'gauge', 'Time of the last decision.', some(last?.at)),
		'',
	].join('\n');
}

function labelText(labels: Readonly<Record<string, string>>): string {
	return `{${Object.entries(labels)
		.map(([name, value]) => `${name}="${escapeLabel(value)}"`)
		.join(',')}}`;
}

function escapeLabel(value: string): string {
	return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
