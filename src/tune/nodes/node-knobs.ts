import type {Experiment} from '../../experiment/experiment.ts';
import type {ClusterAutoscaler, Consolidation, NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {podRequests} from '../../experiment/pod-requests.ts';
import type {Knob, Value} from '../knob.ts';
import type {Scaling} from '../scaling.ts';

type NodeTunable = Pick<Experiment, 'deployment' | 'nodeAutoscaler'>;

const day = 86_400;

/** Knobs of a node autoscaler: spare pods, the instance types, and when nodes go. */
export function nodeKnobs({deployment, nodeAutoscaler: given}: NodeTunable): [string, Knob][] {
	if (given === undefined) {
		return [];
	}

	return [
		['nodes.spare', spareKnob(deployment)],
		...(given.kind === 'karpenter'
			? [
					...(given.types.length > 1 ? [['nodes.instanceType', typeKnob(given)] as [string, Knob]] : []),
					['nodes.consolidateAfter', afterKnob] as [string, Knob],
					['nodes.consolidationPolicy', policyKnob] as [string, Knob],
				]
			: [
					settingKnob('scaleDownUnneededTime', {unit: 'seconds', min: 0, max: day}),
					settingKnob('scaleDownDelayAfterAdd', {unit: 'seconds', min: 0, max: day}),
					settingKnob('scaleDownUtilizationThreshold', {unit: 'fraction', min: 0, max: 1}),
				]),
	];
}

/** Pause pods of the size of a pod that serves, or of the size that the experiment gives them. */
function spareKnob(deployment: Experiment['deployment']): Knob {
	return {
		...{unit: 'pods', words: [], min: 0, max: 10_000},
		read: ({nodes}) => nodes?.spare?.replicas ?? 0,
		write: (scaling, value) =>
			withNodes(scaling, ({spare, ...rest}) => {
				const requests = spare?.requests ?? podRequests({...deployment, containers: scaling.containers});
				return value === 0 ? rest : {...rest, spare: {replicas: Number(value), requests}};
			}),
	};
}

/** The one instance type that the pools launch; `all` leaves them theirs. */
function typeKnob({types}: NodeAutoscaler): Knob {
	const words = ['all', ...types.map(({name}) => name)];
	return {
		...{unit: 'word', words, min: 0, max: 0},
		read({nodes}) {
			const used = [...new Set((nodes?.pools ?? []).flatMap(pool => pool.types))];
			return used.length === 1 ? types[used[0]!]!.name : 'all';
		},
		write: (scaling, value) =>
			value === 'all'
				? scaling
				: withNodes(scaling, nodes => {
						const index = words.indexOf(String(value)) - 1;
						const able = nodes.pools.filter(pool => pool.types.includes(index));
						return {...nodes, pools: able.map(pool => ({...pool, types: [index]}))};
					}),
	};
}

const afterKnob: Knob = {
	...{unit: 'seconds', words: ['Never'], min: 0, max: day},
	read: ({nodes}) => wordOf(nodes?.pools[0]?.consolidation.after),
	write: (scaling, value) =>
		withConsolidation(scaling, {after: value === 'Never' ? Number.POSITIVE_INFINITY : Number(value)}),
};

const policyKnob: Knob = {
	...{unit: 'word', words: ['WhenEmpty', 'WhenEmptyOrUnderutilized'], min: 0, max: 0},
	read: ({nodes}) => nodes?.pools[0]?.consolidation.policy ?? 'WhenEmpty',
	write: (scaling, value) => withConsolidation(scaling, {policy: value as Consolidation['policy']}),
};

function wordOf(after: number | undefined): Value {
	return after === undefined || after === Number.POSITIVE_INFINITY ? 'Never' : after;
}

function withConsolidation(scaling: Scaling, change: Partial<Consolidation>): Scaling {
	return withNodes(scaling, nodes => ({
		...nodes,
		pools: nodes.pools.map(pool => ({...pool, consolidation: {...pool.consolidation, ...change}})),
	}));
}

type Setting = keyof Pick<
	ClusterAutoscaler,
	'scaleDownUnneededTime' | 'scaleDownDelayAfterAdd' | 'scaleDownUtilizationThreshold'
>;

function settingKnob(name: Setting, parts: Pick<Knob, 'unit' | 'min' | 'max'>): [string, Knob] {
	return [
		`nodes.${name}`,
		{
			...parts,
			words: [],
			read: ({nodes}) => (nodes?.kind === 'cluster-autoscaler' ? nodes[name] : Number.NaN),
			write: (scaling, value) =>
				withNodes(scaling, nodes => (nodes.kind === 'karpenter' ? nodes : {...nodes, [name]: Number(value)})),
		},
	];
}

function withNodes(scaling: Scaling, change: (nodes: NodeAutoscaler) => NodeAutoscaler): Scaling {
	return scaling.nodes === undefined ? scaling : {...scaling, nodes: change(scaling.nodes)};
}
