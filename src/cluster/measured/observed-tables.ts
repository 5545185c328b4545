import type {PodView} from '../../autoscaler/reconcile.ts';
import type {ObservedTables} from '../../records/observed-columns.ts';
import type {JournalEntry, NodeEntry} from '../observe/entry.ts';
import {poolNodeTable} from './pool-node-table.ts';
import {type SentRequest, timingTable} from './request-tables.ts';

type EntryOf<Type extends JournalEntry['type']> = Extract<JournalEntry, {type: Type}>;

/** The tables of a measured record that a simulated one has not. */
export function observedTables(
	entries: readonly JournalEntry[],
	requests: readonly SentRequest[],
	start: number,
): ObservedTables {
	const of = <Type extends JournalEntry['type']>(type: Type) =>
		entries.filter((entry): entry is EntryOf<Type> => entry.type === type);
	return {
		timings: timingTable(requests, start),
		podStates: podStateTable(of('pod'), start),
		...scalingTables({scale: of('scale'), hpa: of('hpa'), controller: of('decision')}, start),
		...loadTables({events: of('event'), cpu: of('cpu'), backends: of('backend'), faults: of('fault')}, start),
		...kedaTables(of('external'), of('scaledObject'), start),
		nodes: nodeTable(of('node'), start),
		poolNodes: poolNodeTable(entries, start),
	};
}

function secondsOf(rows: readonly JournalEntry[], start: number): Float64Array {
	return Float64Array.from(rows, ({at}) => at - start);
}

function podStateTable(pods: readonly EntryOf<'pod'>[], start: number): ObservedTables['podStates'] {
	return {
		seconds: secondsOf(pods, start),
		pod: pods.map(({view}) => view.name),
		view: pods.map(({view}) => JSON.stringify(relativeView(view, start))),
		containers: pods.map(({containers}) => JSON.stringify(containers)),
	};
}

type Scaling = {
	readonly scale: readonly EntryOf<'scale'>[];
	readonly hpa: readonly EntryOf<'hpa'>[];
	readonly controller: readonly EntryOf<'decision'>[];
};

/** Tables of the Deployment's scale, the HPA's status and the controller's log. */
function scalingTables(
	{scale, hpa, controller}: Scaling,
	start: number,
): Pick<ObservedTables, 'scale' | 'hpa' | 'controller'> {
	return {
		scale: {
			seconds: secondsOf(scale, start),
			specReplicas: Int32Array.from(scale, ({specReplicas}) => specReplicas),
			statusReplicas: Int32Array.from(scale, ({statusReplicas}) => statusReplicas),
		},
		hpa: {seconds: secondsOf(hpa, start), status: hpa.map(({status}) => JSON.stringify(status))},
		controller: {
			seconds: secondsOf(controller, start),
			step: controller.map(({step}) => step),
			desiredReplicas: Int32Array.from(controller, ({desiredReplicas}) => desiredReplicas ?? -1),
			currentReplicas: Int32Array.from(controller, ({currentReplicas}) => currentReplicas ?? -1),
			metric: controller.map(({metric}) => metric ?? ''),
			sampledSeconds: Float64Array.from(controller, ({timestamp}) => (timestamp ?? Number.NaN) - start),
			words: controller.map(({words}) => words ?? ''),
		},
	};
}

type Load = {
	readonly events: readonly EntryOf<'event'>[];
	readonly cpu: readonly EntryOf<'cpu'>[];
	readonly backends: readonly EntryOf<'backend'>[];
	readonly faults: readonly EntryOf<'fault'>[];
};

/** Tables of the namespace's events, the containers' CPU counters, the backends' queues and the injected faults. */
function loadTables(
	{events, cpu, backends, faults}: Load,
	start: number,
): Pick<ObservedTables, 'events' | 'throttling' | 'backends' | 'faults'> {
	return {
		events: {
			seconds: secondsOf(events, start),
			object: events.map(({object}) => object),
			reason: events.map(({reason}) => reason),
			message: events.map(({message}) => message),
			count: Int32Array.from(events, ({count}) => count),
		},
		throttling: {
			seconds: secondsOf(cpu, start),
			pod: cpu.map(({pod}) => pod),
			container: cpu.map(({container}) => container),
			periods: Float64Array.from(cpu, ({periods}) => periods),
			throttledPeriods: Float64Array.from(cpu, ({throttledPeriods}) => throttledPeriods),
			throttledSeconds: Float64Array.from(cpu, ({throttledSeconds}) => throttledSeconds),
			usageSeconds: Float64Array.from(cpu, ({usageSeconds}) => usageSeconds),
		},
		backends: {
			seconds: secondsOf(backends, start),
			pod: backends.map(({pod}) => pod),
			tenant: backends.map(({tenant}) => tenant),
			inFlight: Int32Array.from(backends, ({inFlight}) => inFlight),
			queueLength: Int32Array.from(backends, ({queueLength}) => queueLength),
		},
		faults: {
			seconds: secondsOf(faults, start),
			kind: faults.map(({kind}) => kind),
			hit: faults.map(({hit}) => hit.join(' ')),
		},
	};
}

function kedaTables(
	external: readonly EntryOf<'external'>[],
	scaledObject: readonly EntryOf<'scaledObject'>[],
	start: number,
): Pick<ObservedTables, 'external' | 'scaledObject'> {
	return {
		external: {
			seconds: secondsOf(external, start),
			metric: external.map(({metric}) => metric),
			value: Float64Array.from(external, ({value}) => value ?? Number.NaN),
		},
		scaledObject: {
			seconds: secondsOf(scaledObject, start),
			active: scaledObject.map(({active}) => active),
			createdSeconds: Float64Array.from(scaledObject, ({created}) => (created ?? Number.NaN) - start),
			lastActiveSeconds: Float64Array.from(scaledObject, ({lastActive}) => (lastActive ?? Number.NaN) - start),
		},
	};
}

function relativeView(view: PodView, start: number): PodView {
	const {startTime, ready, deletionTimestamp} = view;
	return {
		...view,
		...(startTime !== undefined && {startTime: startTime - start}),
		...(ready !== undefined && {ready: {...ready, lastTransitionTime: ready.lastTransitionTime - start}}),
		...(deletionTimestamp !== undefined && {deletionTimestamp: deletionTimestamp - start}),
	};
}

function nodeTable(entries: readonly NodeEntry[], start: number): ObservedTables['nodes'] {
	const loads = nodeLoads(entries);
	return {
		seconds: Float64Array.from(loads, ({at}) => at - start),
		node: loads.map(({node}) => node),
		busy: Float64Array.from(loads, ({busy}) => busy),
		steal: Float64Array.from(loads, ({steal}) => steal),
	};
}

type NodeLoad = {readonly at: number; readonly node: string; readonly busy: number; readonly steal: number};

/** Shares of all cores between two readings of a node. */
export function nodeLoads(entries: readonly NodeEntry[]): NodeLoad[] {
	const last = new Map<string, NodeEntry>();
	return entries.flatMap(entry => {
		const {at, node} = entry;
		const before = last.get(node);
		last.set(node, entry);
		const ticks = entry.total - (before?.total ?? entry.total);
		return before === undefined || ticks <= 0
			? []
			: [{at, node, busy: (entry.busy - before.busy) / ticks, steal: (entry.steal - before.steal) / ticks}];
	});
}
