import type {RandomStream} from '../../engine/random-stream.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {EventPriority} from '../contracts.ts';
import {type Run, streamOf} from '../run.ts';
import {chooseGroup, type Expansion} from './expander.ts';
import type {Fleet} from './fleet.ts';
import type {Node} from './node.ts';
import type {Packing, PlannedNode} from './packing.ts';
import {appForm, spareForm} from './resource-space.ts';

type Settings = Extract<NodeAutoscaler, {kind: 'cluster-autoscaler'}>;

/**
 * Loop of the Cluster Autoscaler: every `scanInterval` it grows one group for the pods that fit no node that is there or
 * on its way; else it removes nodes that were not needed for `scaleDownUnneededTime`, unless a node was added less than
 * `scaleDownDelayAfterAdd` ago.
 *
 * @see autoscaler cluster-autoscaler-1.36.1 core/static_autoscaler.go, RunOnce; core/scaleup/orchestrator/orchestrator.go;
 * core/scaledown/planner/planner.go; core/scaledown/unneeded/nodes.go
 */
export class ClusterAutoscalerLoop {
	readonly #run: Run;
	readonly #settings: Settings;
	readonly #fleet: Fleet;
	readonly #packing: Packing;
	readonly #scan: number;
	readonly #draws: RandomStream;
	#addedAt = Number.NEGATIVE_INFINITY;
	#deletedAt = Number.NEGATIVE_INFINITY;

	constructor(run: Run, settings: Settings, {fleet, packing}: {fleet: Fleet; packing: Packing}) {
		this.#run = run;
		this.#settings = settings;
		this.#fleet = fleet;
		this.#packing = packing;
		this.#draws = streamOf(run, 'expander');
		this.#scan = run.simulation.declare(EventPriority.housekeeping, () => this.#once());
	}

	start(): void {
		const {scanInterval} = this.#settings;
		this.#run.simulation.schedule(this.#run.simulation.now + scanInterval, this.#scan);
	}

	/** The fewest nodes of each group, and nodes for all pods that wait when the run begins, there at once. */
	provisionReady(): void {
		for (const [pool, {minSize, types}] of this.#settings.pools.entries()) {
			for (let made = 0; made < minSize; made++) {
				this.#fleet.launchReady(emptyClaim(pool, types, this.#fleet));
			}
		}

		for (let expansion = this.#expansion(); expansion !== undefined; expansion = this.#expansion()) {
			for (const claim of expansion.claims) {
				this.#fleet.launchReady(claim);
			}
		}
	}

	#once(): void {
		const {now} = this.#run.simulation;
		const expansion = this.#expansion();
		if (expansion === undefined) {
			this.#scaleDown();
		} else {
			this.#addedAt = now;
			for (const claim of expansion.claims) {
				this.#fleet.launch(claim);
			}
		}

		this.#run.simulation.schedule(now + this.#settings.scanInterval, this.#scan);
	}

	/** Nodes of one group for the pods that wait; undefined where none can help. */
	#expansion(): Expansion | undefined {
		const {nodes} = this.#fleet;
		if (nodes.pendingCount === 0 && nodes.spareCount === 0) {
			return undefined;
		}

		const waiting: [number, number] = [nodes.pendingCount, nodes.spareCount];
		for (const node of nodes.all) {
			waiting[appForm] += node.isDraining ? node.activeCount : 0;
		}

		const open = nodes.all.filter(({isCordoned}) => !isCordoned);
		const {unplaced} = this.#packing.solve({counts: waiting, nodes: open, pools: [], keepsSoft: false});
		if (unplaced[appForm] === 0 && unplaced[spareForm] === 0) {
			return undefined;
		}

		const remaining = this.#fleet.remaining();
		const expansions = this.#settings.pools.flatMap((_, pool): Expansion[] => {
			const {claims, unplaced: left} = this.#packing.solve({
				...{counts: unplaced, nodes: [], beside: open, pools: [pool], remaining, keepsSoft: false},
				closed: this.#fleet.closedZones,
			});
			const placed: [number, number] = [unplaced[appForm] - left[appForm], unplaced[spareForm] - left[spareForm]];
			return claims.length === 0 ? [] : [{pool, claims, placed}];
		});
		return chooseGroup(expansions, {settings: this.#settings, space: nodes.space, draws: this.#draws});
	}

	#scaleDown(): void {
		const {now} = this.#run.simulation;
		const {scaleDownDelayAfterAdd, scaleDownDelayAfterDelete} = this.#settings;
		this.#markUnneeded();
		if (this.#addedAt + scaleDownDelayAfterAdd > now || this.#deletedAt + scaleDownDelayAfterDelete > now) {
			return;
		}

		const {maxScaleDownParallelism, maxDrainParallelism, scaleDownUnneededTime} = this.#settings;
		const going = this.#fleet.nodes.all.filter(({isDraining}) => isDraining);
		let left = maxScaleDownParallelism - going.length;
		let drains = maxDrainParallelism - going.filter(({isEmpty}) => !isEmpty).length;
		const due = this.#fleet.nodes.all.filter(({unneededSince}) => now - unneededSince > scaleDownUnneededTime);
		for (const node of [...due.filter(({isEmpty}) => isEmpty), ...due.filter(({isEmpty}) => !isEmpty)]) {
			const {minSize} = this.#settings.pools[node.order.pool]!;
			const size = this.#fleet.nodesOf(node.order.pool).filter(({isDraining}) => !isDraining).length;
			if (left <= 0 || size <= minSize || (!node.isEmpty && drains <= 0)) {
				continue;
			}

			left--;
			drains -= node.isEmpty ? 0 : 1;
			this.#deletedAt = now;
			node.unneededSince = Number.NaN;
			this.#fleet.drain(node, 'unneeded');
		}
	}

	/**
	 * A node is not needed while its requests are at or below the threshold and its pods fit on the others that stay.
	 *
	 * @see autoscaler cluster-autoscaler-1.36.1 core/scaledown/eligibility/eligibility.go; simulator/utilization/info.go
	 */
	#markUnneeded(): void {
		const {now} = this.#run.simulation;
		const {all} = this.#fleet.nodes;
		const leaving = new Set<Node>();
		for (const node of all) {
			const isUnneeded = node.isOpen && this.#isLow(node) && this.#fitsElsewhere(node, leaving);
			if (!isUnneeded) {
				node.unneededSince = Number.NaN;
			} else {
				leaving.add(node);
				node.unneededSince = Number.isNaN(node.unneededSince) ? now : node.unneededSince;
			}
		}
	}

	#isLow({order, free}: Node): boolean {
		const {space} = this.#fleet.nodes;
		const {scaleDownUtilizationThreshold, scaleDownGpuUtilizationThreshold} = this.#settings;
		const {utilization, isGpu} = space.utilization(order.type, free);
		return utilization <= (isGpu ? scaleDownGpuUtilizationThreshold : scaleDownUtilizationThreshold) + 1e-9;
	}

	#fitsElsewhere(node: Node, leaving: ReadonlySet<Node>): boolean {
		if (node.isEmpty) {
			return true;
		}

		if (node.pods.length > 0 && this.#fleet.disruptionsAllowed() <= 0) {
			return false;
		}

		const others = this.#fleet.nodes.all.filter(other => other !== node && other.isOpen && !leaving.has(other));
		const {unplaced} = this.#packing.solve({
			...{counts: [node.activeCount, node.spares], nodes: others, pools: [], keepsSoft: false},
		});
		return unplaced[appForm] === 0 && unplaced[spareForm] === 0;
	}
}

function emptyClaim(pool: number, types: readonly number[], {nodes}: Fleet): PlannedNode {
	return {pool, types, zone: -1, requests: new Float64Array(nodes.space.requests[appForm]!.length), counts: [0, 0]};
}
