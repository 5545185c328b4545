import type {Consolidation, NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {EventPriority} from '../contracts.ts';
import {type Run, streamOf} from '../run.ts';
import type {Fleet} from './fleet.ts';
import {type Command, KarpenterConsolidation, type Reason} from './karpenter-consolidation.ts';
import type {Node} from './node.ts';
import type {Packing} from './packing.ts';

/** Time between two looks, and from a decision to its check [s]. @see karpenter v1.14.1 disruption/controller.go, consolidation.go */
const pollingPeriod = 10;
const validationDelay = 15;
/** Time after which nodes are looked at again although nothing changed [s]. @see karpenter v1.14.1 state/cluster.go, ConsolidationState */
const forgetAfter = 300;

const methods = ['empty', 'multi', 'single'] as const;

/**
 * Disruption of Karpenter: removes empty nodes, then several nodes at once, then single ones, whose pods fit elsewhere or
 * on one cheaper node. A decision is checked after 15 s; a replacement is ready before the nodes that it replaces go.
 * Drift and expiry are not simulated.
 *
 * @see karpenter v1.14.1 pkg/controllers/disruption/controller.go, Reconcile; queue.go
 */
export class KarpenterDisruption {
	readonly #run: Run;
	readonly #fleet: Fleet;
	readonly #consolidation: KarpenterConsolidation;
	readonly #pools: readonly Consolidation[];
	readonly #poll: number;
	readonly #validate: number;
	/** Nodes that go once another one is ready. */
	readonly #replaced = new Map<Node, readonly Node[]>();
	#changes = 0;
	/** Number of changes at which a method found nothing to do, and until when that holds. */
	readonly #settled = new Map<string, {readonly changes: number; readonly until: number}>();
	#command: {readonly command: Command; readonly method: (typeof methods)[number]} | undefined;

	constructor(run: Run, settings: NodeAutoscaler, {fleet, packing}: {fleet: Fleet; packing: Packing}) {
		const {simulation} = run;
		this.#run = run;
		this.#fleet = fleet;
		this.#pools = settings.pools.map(({consolidation}) => consolidation);
		this.#consolidation = new KarpenterConsolidation(settings, {fleet, packing});
		this.#poll = simulation.declare(EventPriority.housekeeping, () => this.#look());
		this.#validate = simulation.declare(EventPriority.housekeeping, () => this.#check());
	}

	start(): void {
		if (this.#pools.some(({after}) => after !== Number.POSITIVE_INFINITY)) {
			const {simulation, clocks} = this.#run;
			const first = clocks?.disruption ?? streamOf(this.#run, 'disruption').uniform() * pollingPeriod;
			simulation.schedule(simulation.now + first, this.#poll);
		}
	}

	/** Nodes or pods changed. */
	changed(): void {
		this.#changes++;
	}

	/** A node is ready: the ones that it replaces go. */
	ready(node: Node): void {
		const replaced = this.#replaced.get(node);
		this.#replaced.delete(node);
		for (const old of replaced ?? []) {
			if (!old.isDraining) {
				this.#fleet.drain(old, 'underutilized');
			}
		}
	}

	/** A node has gone: the ones that waited for it stay. */
	lost(node: Node): void {
		const replaced = this.#replaced.get(node);
		this.#replaced.delete(node);
		for (const old of replaced ?? []) {
			if (!old.isDraining) {
				this.#fleet.uncordon(old);
			}
		}
	}

	/** @param first - method that is tried first */
	#look(first = 0): void {
		const {now} = this.#run.simulation;
		for (const method of methods.slice(first)) {
			const settled = this.#settled.get(method);
			if (settled !== undefined && settled.changes === this.#changes && now < settled.until) {
				continue;
			}

			const {command, isBounded} = this.#consolidation.decide(
				method,
				this.#candidates(reasonOf(method)),
				this.#budgets(reasonOf(method)),
			);
			if (command !== undefined) {
				this.#command = {command, method};
				this.#run.simulation.schedule(now + validationDelay, this.#validate);
				return;
			}

			if (!isBounded) {
				this.#settled.set(method, {changes: this.#changes, until: Math.min(now + forgetAfter, this.#nextCandidate())});
			}
		}

		this.#run.simulation.schedule(now + pollingPeriod, this.#poll);
	}

	/**
	 * Carries a command out if it still holds, of empty nodes the ones that still are; else the methods after its own are tried.
	 *
	 * @see karpenter v1.14.1 pkg/controllers/disruption/validation.go
	 */
	#check(): void {
		const {command, method} = this.#command!;
		this.#command = undefined;
		const reason = reasonOf(method);
		const open = new Set(this.#candidates(reason));
		const left = this.#budgets(reason);
		const valid = command.nodes.filter(node => open.has(node) && left[node.order.pool]!-- > 0);
		const isWhole = valid.length === command.nodes.length;
		if (method === 'empty' ? valid.length > 0 : isWhole && this.#isStill(command, reason)) {
			this.#carryOut({...command, nodes: valid}, reason);
			this.#run.simulation.schedule(this.#run.simulation.now, this.#poll);
		} else {
			this.#look(methods.indexOf(method) + 1);
		}
	}

	/** Whether the same command would be given now. */
	#isStill({nodes, replacement}: Command, reason: Reason): boolean {
		const again = this.#consolidation.without(nodes, reason);
		return (
			again !== undefined &&
			(again.replacement === undefined) === (replacement === undefined) &&
			(replacement?.types ?? []).every(type => again.replacement!.types.includes(type))
		);
	}

	#carryOut({nodes, replacement}: Command, reason: Reason): void {
		for (const node of nodes) {
			this.#fleet.cordon(node);
		}

		if (replacement === undefined) {
			for (const node of nodes) {
				this.#fleet.drain(node, reason === 'Empty' ? 'empty' : 'underutilized');
			}

			return;
		}

		this.#replaced.set(this.#fleet.launch(replacement), nodes);
	}

	/** Nodes that may be disrupted. @see karpenter v1.14.1 state/statenode.go, ValidateNodeDisruptable, ValidatePodsDisruptable */
	#candidates(reason: Reason): Node[] {
		const {now} = this.#run.simulation;
		const {doNotDisrupt} = this.#run.experiment.nodeAutoscaler!.placement;
		const allowed = this.#fleet.disruptionsAllowed() > 0;
		return this.#fleet.nodes.all.filter(node => {
			const {after, policy} = this.#pools[node.order.pool]!;
			return (
				node.isOpen &&
				now >= node.nominatedUntil &&
				now - node.changedAt >= after &&
				(reason === 'Empty' ? node.isIdle : !node.isIdle && policy !== 'WhenEmpty') &&
				(node.isIdle || (!doNotDisrupt && allowed))
			);
		});
	}

	/** Time at which a further node may be disrupted since its pods have not changed for long [s]. */
	#nextCandidate(): number {
		const {now} = this.#run.simulation;
		let next = Number.POSITIVE_INFINITY;
		for (const node of this.#fleet.nodes.all) {
			for (const at of [node.changedAt + this.#pools[node.order.pool]!.after, node.nominatedUntil]) {
				next = at > now ? Math.min(next, at) : next;
			}
		}

		return next;
	}

	/**
	 * Nodes of each pool that may be disrupted now.
	 *
	 * @see karpenter v1.14.1 disruption/helpers.go, BuildDisruptionBudgetMapping; apis/v1/nodepool.go, GetAllowedDisruptionsByReason
	 */
	#budgets(reason: Reason): number[] {
		return this.#pools.map(({budgets}, pool) => {
			const own = this.#fleet.nodesOf(pool).filter(({isReady}) => isReady);
			const going = own.filter(({isCordoned}) => isCordoned).length;
			const most = budgets
				.filter(({reasons}) => reasons === undefined || reasons.includes(reason))
				.map(({nodes}) => ('absolute' in nodes ? nodes.absolute : Math.ceil(nodes.fraction * own.length - 1e-9)));
			return Math.max(0, Math.min(Number.POSITIVE_INFINITY, ...most) - going);
		});
	}
}

function reasonOf(method: (typeof methods)[number]): Reason {
	return method === 'empty' ? 'Empty' : 'Underutilized';
}
