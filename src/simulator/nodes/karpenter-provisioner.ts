import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {EventPriority} from '../contracts.ts';
import type {Run} from '../run.ts';
import type {Fleet} from './fleet.ts';
import type {Node} from './node.ts';
import type {Packed, Packing} from './packing.ts';
import {appForm} from './resource-space.ts';

/** Time after which pods that still wait are looked at again [s]. @see karpenter v1.14.1 provisioning/controller.go, RequeueAfter */
const lookAgain = 10;

/**
 * Provisioning of Karpenter: pods that find no node are collected in a window, which ends `batchIdleDuration` after the
 * last of them and `batchMaxDuration` after the first; then nodes are launched for the ones that do not fit the nodes that
 * are there or on their way.
 *
 * @see karpenter v1.14.1 pkg/controllers/provisioning/batcher.go, Wait; provisioner.go, Schedule
 */
export class KarpenterProvisioner {
	readonly #run: Run;
	readonly #settings: Extract<NodeAutoscaler, {kind: 'karpenter'}>;
	readonly #fleet: Fleet;
	readonly #packing: Packing;
	readonly #pools: readonly number[];
	readonly #windowOver: number;
	readonly #again: number;
	#windowStart = Number.NaN;
	#stamp = 0;
	#isLookPlanned = false;

	constructor(
		run: Run,
		settings: Extract<NodeAutoscaler, {kind: 'karpenter'}>,
		{fleet, packing}: {fleet: Fleet; packing: Packing},
	) {
		this.#run = run;
		this.#settings = settings;
		this.#fleet = fleet;
		this.#packing = packing;
		this.#pools = settings.pools.map((_, index) => index);
		this.#windowOver = run.simulation.declare(EventPriority.housekeeping, (_, stamp) => {
			if (stamp === this.#stamp) {
				this.provision();
			}
		});
		this.#again = run.simulation.declare(EventPriority.housekeeping, () => {
			this.#isLookPlanned = false;
			if (this.#isAnyPending()) {
				this.trigger();
			}
		});
	}

	/** A pod found no node: a window begins, or goes on. */
	trigger(): void {
		const {now} = this.#run.simulation;
		if (Number.isNaN(this.#windowStart)) {
			this.#windowStart = now;
		}

		const {batchIdleDuration, batchMaxDuration} = this.#settings;
		const end = Math.max(now, Math.min(now + batchIdleDuration, this.#windowStart + batchMaxDuration));
		this.#stamp++;
		this.#run.simulation.schedule(end, this.#windowOver, 0, this.#stamp);
	}

	/** Launches nodes for the pods that wait. */
	provision(): void {
		this.#windowStart = Number.NaN;
		this.#stamp++;
		const {claims} = this.#pack();
		const {now} = this.#run.simulation;
		for (const [node] of this.#packing.placed) {
			node.nominatedUntil = now + Math.max(10, 2 * this.#settings.batchMaxDuration);
		}

		for (const claim of claims) {
			this.#fleet.launch(claim).nominatedUntil = now + Math.max(10, 2 * this.#settings.batchMaxDuration);
		}

		if (this.#isAnyPending() && !this.#isLookPlanned) {
			this.#isLookPlanned = true;
			this.#run.simulation.schedule(now + lookAgain, this.#again);
		}
	}

	/** Nodes for all pods that wait when the run begins, there at once. */
	provisionReady(): void {
		for (const claim of this.#pack().claims) {
			this.#fleet.launchReady(claim);
		}
	}

	#pack(): Packed {
		const {nodes} = this.#fleet;
		const leaving = nodes.all.filter(({isDraining}) => isDraining);
		const counts: [number, number] = [nodes.pendingCount, nodes.spareCount];
		for (const node of leaving) {
			counts[appForm] += node.activeCount;
		}

		return this.#packing.solve({
			counts,
			nodes: byReadiness(nodes.all.filter(({isCordoned}) => !isCordoned)),
			pools: this.#pools,
			remaining: this.#fleet.remaining(),
			closed: this.#fleet.closedZones,
			keepsSoft: true,
		});
	}

	#isAnyPending(): boolean {
		const {pendingCount, spareCount} = this.#fleet.nodes;
		return pendingCount > 0 || spareCount > 0;
	}
}

/** Nodes that are ready first. @see karpenter v1.14.1 scheduling/scheduler.go, sortExistingNodes */
export function byReadiness(nodes: readonly Node[]): Node[] {
	return [...nodes.filter(({isReady}) => isReady), ...nodes.filter(({isReady}) => !isReady)];
}
