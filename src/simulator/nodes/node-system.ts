import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {NodeAccount} from '../../records/node-usage.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import type {Run} from '../run.ts';
import {ClusterAutoscalerLoop} from './cluster-autoscaler.ts';
import type {ElasticNodes} from './elastic-nodes.ts';
import {Fleet} from './fleet.ts';
import {KarpenterDisruption} from './karpenter-disruption.ts';
import {KarpenterProvisioner} from './karpenter-provisioner.ts';
import {NodeFaults} from './node-faults.ts';
import {Packing} from './packing.ts';

type Parts = {
	readonly controller: DeploymentController;
	readonly evict: (pod: Pod) => void;
	readonly kill: (pod: Pod) => void;
	readonly retry: () => void;
};

/** Nodes of a run that has a node autoscaler, and who adds and removes them. */
export class NodeSystem {
	readonly fleet: Fleet;
	readonly faults: NodeFaults;
	readonly #nodes: ElasticNodes;
	readonly #start: () => void;
	readonly #provisionReady: () => void;

	constructor(run: Run, settings: NodeAutoscaler, nodes: ElasticNodes, parts: Parts) {
		this.#nodes = nodes;
		this.fleet = new Fleet(run, settings, nodes, parts);
		this.faults = new NodeFaults(run, this.fleet);
		const packing = new Packing(settings, nodes.space);
		const tools = {fleet: this.fleet, packing};
		if (settings.kind === 'karpenter') {
			const provisioner = new KarpenterProvisioner(run, settings, tools);
			const disruption = new KarpenterDisruption(run, settings, tools);
			this.#provisionReady = () => provisioner.provisionReady();
			this.#start = () => {
				this.fleet.listen({
					pending: () => provisioner.trigger(),
					changed: () => disruption.changed(),
					ready: node => disruption.ready(node),
					gone: node => disruption.lost(node),
				});
				disruption.start();
				if (nodes.pendingCount > 0) {
					provisioner.trigger();
				}
			};
		} else {
			const loop = new ClusterAutoscalerLoop(run, settings, tools);
			this.#provisionReady = () => loop.provisionReady();
			this.#start = () => {
				this.fleet.listen({pending: () => undefined, changed: () => undefined, ready: () => undefined});
				loop.start();
			};
		}
	}

	/** Nodes for the pods that are there when the run begins, and for the spare ones. */
	prepare(pods: number): void {
		this.#nodes.pendingCount = pods;
		this.#provisionReady();
		this.#nodes.pendingCount = 0;
	}

	/** The nodes' own controllers begin. */
	start(): void {
		this.#start();
		this.#nodes.placeSpares();
	}

	account(end: number): NodeAccount {
		return this.fleet.ledger.account(this.#nodes.all, end, this.#nodes.preempted);
	}
}
