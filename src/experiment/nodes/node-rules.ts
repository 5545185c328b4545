import type {Resources} from '../container-schema.ts';
import {FaultSchema} from '../faults/fault-plan.ts';
import type {BrokenRule, Parts} from '../load-rules.ts';
import {marketKey, matchPool, typeKey} from './match-pools.ts';
import {type NodeAutoscalerFile, NodeAutoscalerSchema} from './node-autoscaler-schema.ts';
import {meets} from './requirement.ts';
import {type FoundPool, poolsOf, surroundingsOf} from './resolve-node-autoscaler.ts';

const root = ['nodeAutoscaler'];

/**
 * Rules of the node autoscaler: that its instance types are known, that its limits let a node come, and that a pod fits
 * one of its nodes.
 *
 * @param requests - of one pod of the Deployment
 */
export function* nodeAutoscalerRules(parts: Parts, requests: Resources): Generator<BrokenRule> {
	yield* nodeFaultRules(parts);
	if (parts.keysAt(root).length === 0) {
		return;
	}

	if (parts.keysAt(['deployment', 'nodes']).length > 0) {
		yield {path: ['deployment', 'nodes'], rule: 'left out, as nodeAutoscaler makes the nodes', got: 'fixed nodes'};
	}

	if (parts.keysAt(['prices']).length > 0) {
		yield {
			path: ['prices'],
			rule: 'left out, as the nodes of nodeAutoscaler are billed at the prices of its instanceTypes',
			got: 'a price book',
		};
	}

	const file = parts.read(root, NodeAutoscalerSchema);
	if (file === undefined || typeof file.instanceTypes === 'string') {
		return;
	}

	const unknown = [...zoneRules(file), ...typeRules(file)];
	yield* unknown;
	yield* nameRules(file);
	if (unknown.length === 0) {
		yield* fitRules(file, requests);
	}
}

/** Faults of nodes hit nodes that can be hit: ones that come and go, on the spot market, in a zone of the cluster. */
function* nodeFaultRules(parts: Parts): Generator<BrokenRule> {
	const hasNodes = parts.keysAt(root).length > 0;
	const file = hasNodes ? parts.read(root, NodeAutoscalerSchema) : undefined;
	for (let index = 0; index < parts.lengthAt(['faults']); index++) {
		const fault = parts.read(['faults', index], FaultSchema);
		if (fault?.kind !== 'spot-interruption' && fault?.kind !== 'zone-outage') {
			continue;
		}

		if (!hasNodes) {
			yield {
				path: ['faults', index, 'kind'],
				rule: 'a fault without nodeAutoscaler, which makes the nodes that it hits',
			};
		} else if (file !== undefined && typeof file.instanceTypes !== 'string') {
			const zones = file.zones ?? file.instanceTypes.zones;
			if (fault.kind === 'zone-outage' && fault.zone !== undefined && !zones.includes(fault.zone)) {
				yield {path: ['faults', index, 'zone'], rule: `a zone of the cluster (${zones.join(', ')})`};
			}

			if (fault.kind === 'spot-interruption' && !poolsOf(file).some(mayBeSpot)) {
				yield {path: ['faults', index, 'kind'], rule: 'a fault of nodes on demand, as no pool has the spot market'};
			}
		}
	}
}

function mayBeSpot({requirements}: FoundPool): boolean {
	return requirements.every(requirement => requirement.key !== marketKey || meets('spot', requirement));
}

function listOf({kind}: NodeAutoscalerFile): string {
	return kind === 'karpenter' ? 'nodePools' : 'nodeGroups';
}

function* zoneRules(file: NodeAutoscalerFile): Generator<BrokenRule> {
	const {zones: known, name} = file.instanceTypes as Exclude<NodeAutoscalerFile['instanceTypes'], string>;
	for (const [index, zone] of (file.zones ?? []).entries()) {
		if (!known.includes(zone)) {
			yield {path: [...root, 'zones', index], rule: `a zone of ${name} (${known.join(', ')})`};
		}
	}

	if (file.kind === 'cluster-autoscaler') {
		for (const [index, group] of file.nodeGroups.entries()) {
			for (const [at, zone] of (group.zones ?? []).entries()) {
				if (!(file.zones ?? known).includes(zone)) {
					yield {path: [...root, 'nodeGroups', index, 'zones', at], rule: `a zone of ${name} (${known.join(', ')})`};
				}
			}
		}
	}
}

/** Instance types that are named are in the catalogue. */
function* typeRules(file: NodeAutoscalerFile): Generator<BrokenRule> {
	const {types, name} = file.instanceTypes as Exclude<NodeAutoscalerFile['instanceTypes'], string>;
	const rule = `an instance type of ${name}`;
	if (file.kind === 'cluster-autoscaler') {
		for (const [index, {instanceType}] of file.nodeGroups.entries()) {
			if (types[instanceType] === undefined) {
				yield {path: [...root, 'nodeGroups', index, 'instanceType'], rule};
			}
		}

		return;
	}

	for (const [index, {spec}] of file.nodePools.entries()) {
		for (const [at, {key, operator, values}] of spec.template.spec.requirements.entries()) {
			const place = [...root, 'nodePools', index, 'spec', 'template', 'spec', 'requirements', at, 'values'];
			for (const [nth, value] of values.entries()) {
				if (key === typeKey && operator === 'In' && types[value] === undefined) {
					yield {path: [...place, nth], rule};
				}
			}
		}
	}
}

function* nameRules(file: NodeAutoscalerFile): Generator<BrokenRule> {
	const seen = new Set<string>();
	for (const {name, index} of poolsOf(file).toSorted((a, b) => a.index - b.index)) {
		if (seen.has(name)) {
			const own = file.kind === 'karpenter' ? ['metadata', 'name'] : ['name'];
			yield {path: [...root, listOf(file), index, ...own], rule: 'another name than that of a pool above'};
		}

		seen.add(name);
	}
}

/** At least one pool has a node for a pod. */
function* fitRules(file: NodeAutoscalerFile, requests: Resources): Generator<BrokenRule> {
	const {pods, cluster} = surroundingsOf(file, requests);
	const found = poolsOf(file).map(pool => ({pool, match: matchPool(pool, pods, cluster)}));
	if (found.some(({match}) => !('none' in match))) {
		return;
	}

	for (const {pool, match} of found) {
		if ('none' in match) {
			yield {
				path: [...root, listOf(file), pool.index, ...placeOf(file, pool, match.none)],
				rule: ruleOf(match.none, requests),
			};
		}
	}
}

function placeOf({kind}: NodeAutoscalerFile, {limits}: FoundPool, none: 'taint' | 'requirement' | 'size' | 'limit') {
	if (kind === 'cluster-autoscaler') {
		return none === 'taint' ? ['taints'] : ['instanceType'];
	}

	switch (none) {
		case 'taint':
			return ['spec', 'template', 'spec', 'taints'];
		case 'limit':
			return ['spec', 'limits', ...Object.keys(limits).slice(0, 1)];
		case 'requirement':
		case 'size':
			return ['spec', 'template', 'spec', 'requirements'];
	}
}

function ruleOf(none: 'taint' | 'requirement' | 'size' | 'limit', requests: Resources): string {
	switch (none) {
		case 'taint':
			return 'tolerated by the pods (nodeAutoscaler.placement.tolerations), as no other pool can take them';
		case 'limit':
			return 'at least one node that a pod fits';
		case 'requirement':
			return 'met by an instance type of the catalogue, together with what the pods ask for';
		case 'size':
			return `met by an instance type that a pod fits (${requestWords(requests)})`;
	}
}

function requestWords(requests: Resources): string {
	const amount = (name: string, value: number) =>
		name === 'cpu' ? `${value} cores` : name === 'memory' ? `${Math.ceil(value / 2 ** 20)}Mi` : `${value} ${name}`;
	return Object.entries(requests)
		.filter(([, value]) => value! > 0)
		.map(([name, value]) => amount(name, value!))
		.join(', ');
}
