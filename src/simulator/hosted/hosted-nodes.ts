import type {RandomStream} from '../../engine/random-stream.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {DelayDraws} from '../nodes/delay-draws.ts';
import type {ElasticNodes} from '../nodes/elastic-nodes.ts';
import {Node} from '../nodes/node.ts';
import {type Run, streamOf} from '../run.ts';

/** A node that a cluster shows. */
export type NodeSight = {
	/** Names, as in the experiment. */
	readonly pool: string;
	readonly instanceType: string;
	readonly zone: string;
	readonly market: string;
};

/** Times of a node [s from time 0]: paid for from, and Ready. */
export type NodeTimes = {readonly launched: number; readonly ready: number};

/** Nodes that a cluster's own autoscaler adds and removes: this draws when each comes, as the simulator's fleet does. */
export class HostedNodes {
	readonly #run: Run;
	readonly #settings: NodeAutoscaler;
	readonly #nodes: ElasticNodes;
	readonly #delays: DelayDraws;
	readonly #streams = new Map<Node, RandomStream>();

	constructor(run: Run, settings: NodeAutoscaler, nodes: ElasticNodes) {
		this.#run = run;
		this.#settings = settings;
		this.#nodes = nodes;
		this.#delays = new DelayDraws(settings);
		nodes.attach(() => run.simulation.now, {
			pending: () => undefined,
			waited: () => undefined,
			changed: () => undefined,
			warmUp: node => this.#delays.warmUp(this.#streams.get(node)!),
			left: () => undefined,
		});
	}

	/**
	 * A node was ordered.
	 *
	 * @returns its index, and its times
	 * @throws {RangeError} when it is none of the experiment's
	 */
	add(sight: NodeSight): NodeTimes & {readonly index: number} {
		const {now} = this.#run.simulation;
		const {node, stream} = this.#make(sight);
		const {launched, ready} = this.#delays.draw(stream, node.order.type);
		return {index: node.slot, launched: now + launched, ready: now + ready};
	}

	/** A node that has long been there. @returns its index */
	addReady(sight: NodeSight): number {
		const {node, stream} = this.#make(sight);
		this.#delays.draw(stream, node.order.type);
		node.warmAt = this.#run.simulation.now;
		return node.slot;
	}

	/** The node is there no more. */
	remove(index: number): void {
		const {slots, all} = this.#nodes;
		const node = slots[index];
		if (node !== undefined) {
			slots[index] = undefined;
			all.splice(all.indexOf(node), 1);
			this.#streams.delete(node);
		}
	}

	#make({pool, instanceType, zone, market}: NodeSight): {readonly node: Node; readonly stream: RandomStream} {
		const {slots, all, space} = this.#nodes;
		const {pools, types, zones} = this.#settings;
		const order = {
			pool: pools.findIndex(({name}) => name === pool),
			type: types.findIndex(({name}) => name === instanceType),
			zone: zones.indexOf(zone),
			capacityType: market === 'spot' ? ('spot' as const) : ('on-demand' as const),
		};
		if (order.type === -1) {
			throw new RangeError(`Expected a node of an instance type of the experiment, got ${instanceType}`);
		}

		const ordinal = slots.length;
		const free = Float64Array.from(space.rooms[order.type]!);
		const node = new Node({order, ordinal, slot: ordinal, free, now: this.#run.simulation.now});
		const stream = streamOf(this.#run, 'node', ordinal);
		slots.push(node);
		all.push(node);
		this.#streams.set(node, stream);
		return {node, stream};
	}
}
