import type {Experiment} from '../experiment/experiment.ts';
import type {NodeRemoval, NodeUsage} from './node-usage.ts';
import type {ObservedTables} from './observed-columns.ts';

/** Reasons of Karpenter by the names that a record of the simulator has. */
const removals: Readonly<Record<string, NodeRemoval>> = {Empty: 'empty', Underutilized: 'underutilized'};

/**
 * Nodes that a real node autoscaler made, with the capacity and the price that the experiment's catalogue has. Undefined
 * where none was seen: then nobody knows.
 */
export function nodesOfTable(
	table: ObservedTables['poolNodes'] | undefined,
	{nodeAutoscaler, duration}: Pick<Experiment, 'nodeAutoscaler' | 'duration'>,
): NodeUsage[] | undefined {
	if (table === undefined || table.node.length === 0 || nodeAutoscaler === undefined) {
		return undefined;
	}

	const {node, pool, instanceType, zone, market, orderedSeconds, launchedSeconds, readySeconds, goneSeconds, reason} =
		table;
	return node.flatMap((name, row): NodeUsage[] => {
		const type = nodeAutoscaler.types.find(each => each.name === instanceType[row]);
		const isSpot = market[row] === 'spot';
		const launched = launchedSeconds[row]!;
		const fromSeconds = Number.isNaN(launched) ? orderedSeconds[row]! : launched;
		const gone = goneSeconds[row]!;
		const toSeconds = Number.isNaN(gone) ? duration : gone;
		if (fromSeconds >= toSeconds) {
			return []; // removed before it was launched: it costs nothing
		}

		const removal = Number.isNaN(gone) ? undefined : removals[reason[row]!];
		const {capacity = {}} = type ?? {};
		return [
			{
				...{node: name, pool: pool[row]!, instanceType: instanceType[row]!, zone: zone[row]!, isSpot},
				...{fromSeconds, readySeconds: readySeconds[row]!, toSeconds},
				perHour: type?.perHour[isSpot ? 'spot' : 'on-demand'] ?? Number.NaN,
				...{cores: capacity.cpu ?? 0, bytes: capacity.memory ?? 0, gpus: gpusOf(capacity)},
				...(removal !== undefined && {removal}),
			},
		];
	});
}

/** Whole GPUs among resources. */
export function gpusOf(capacity: Readonly<Record<string, number>>): number {
	return Object.entries(capacity).reduce((sum, [name, amount]) => sum + (/\/gpu$/.test(name) ? amount : 0), 0);
}
