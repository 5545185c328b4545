import {meanOf} from '../../experiment/draw-distribution.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {type NodeStage, nodeStages} from '../../experiment/nodes/node-stages.ts';
import {formatNumber} from '../../statistics/format-number.ts';

const stageWords: Readonly<Record<NodeStage, string>> = {
	request: 'order',
	boot: 'boot',
	join: 'join',
	driver: 'GPU driver',
	images: 'images',
	weights: 'weights',
};

/** Assumptions of a node autoscaler that decide the result: delays, prices, and what is not simulated. */
export function nodeAssumptions({nodeAutoscaler: nodes, faults}: Experiment): string[] {
	if (nodes === undefined) {
		return [];
	}

	const {catalogue, ignored} = nodes;
	return [
		`${delayWords(nodes)}. Say your own with nodeAutoscaler.delays.`,
		`Nodes are priced by ${catalogue.name} of ${catalogue.date}, and no disk, traffic or fee of a cluster.`,
		...spotWords(nodes),
		...(faults.some(({kind}) => kind === 'zone-outage') ? [outageWords] : []),
		...(ignored.length === 0 ? [] : [`The simulator leaves out of the nodes: ${ignored.join('; ')}.`]),
	];
}

/** @see kubernetes v1.34 kube-controller-manager --node-monitor-grace-period, and the admission plugin DefaultTolerationSeconds */
const outageWords =
	'A zone outage takes its nodes and pods away at once; nodes that fall silent instead are noticed after 50 s, and their pods are replaced 5 min later.';

function delayWords({delays, types}: NodeAutoscaler): string {
	const hasGpus = types.some(({capacity}) => Object.keys(capacity).some(name => /\/gpu$/.test(name)));
	const parts = nodeStages
		.filter(stage => stage !== 'driver' || hasGpus)
		.map(stage => ({stage, seconds: meanOf(delays[stage])}))
		.filter(({seconds}) => seconds > 0);
	const sum = parts.reduce((total, {seconds}) => total + seconds, 0);
	const words = parts.map(({stage, seconds}) => `${stageWords[stage]} ${formatNumber(seconds)} s`).join(', ');
	return parts.length === 0
		? 'A new node is there at once'
		: `A new node takes ${formatNumber(sum)} s on average until its first pod starts (${words})`;
}

function spotWords({pools, types, catalogue}: NodeAutoscaler): string[] {
	const names = pools.filter(({capacityTypes}) => capacityTypes.includes('spot')).map(({name}) => name);
	const [first] = types;
	return names.length === 0 || first === undefined
		? []
		: [
				`Nodes of ${names.join(', ')} are on the spot market, at ${formatNumber((100 * first.perHour.spot) / first.perHour['on-demand'])} % of the price on demand, which ${catalogue.name} assumes; none is taken back unless faults say so.`,
			];
}
