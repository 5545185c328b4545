import {pick, type RandomStream} from '../../engine/random-stream.ts';
import type {FaultPlan} from '../../experiment/faults/fault-plan.ts';
import {EventPriority} from '../contracts.ts';
import type {Run} from '../run.ts';
import type {Fleet} from './fleet.ts';

type Interruption = Extract<FaultPlan, {kind: 'spot-interruption'}>;
type Outage = Extract<FaultPlan, {kind: 'zone-outage'}>;

/**
 * Faults of nodes that come and go.
 *
 * Karpenter deletes the NodeClaim of an interrupted instance at the notice, so that its pods are evicted within their
 * budget and new nodes are launched for them; the market ends the instance when the notice is over.
 *
 * @see karpenter-provider-aws, pkg/controllers/interruption/controller.go, handleNodeClaim
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html, the notice of two minutes
 */
export class NodeFaults {
	readonly #run: Run;
	readonly #fleet: Fleet;
	readonly #end: number;
	readonly #outageOver: number;

	constructor(run: Run, fleet: Fleet) {
		const {simulation} = run;
		this.#run = run;
		this.#fleet = fleet;
		this.#end = simulation.declare(EventPriority.fault, ordinal => this.#takeBack(ordinal));
		this.#outageOver = simulation.declare(EventPriority.fault, zone => this.#endOutage(zone));
	}

	/** Takes nodes of the spot market back, drawn among the ones without an earlier notice. */
	interrupt({count, notice, drain}: Interruption, stream: RandomStream): void {
		const {now} = this.#run.simulation;
		const spot = this.#fleet.nodes.all.filter(
			({order, isInterrupted}) => order.capacityType === 'spot' && !isInterrupted,
		);
		for (const node of pick(spot, count, stream)) {
			node.isInterrupted = true;
			this.#run.simulation.schedule(now + notice, this.#end, node.ordinal);
			if (drain) {
				this.#fleet.drain(node, 'interrupted');
				this.#fleet.want();
			}
		}
	}

	#takeBack(ordinal: number): void {
		const node = this.#fleet.nodes.all.find(one => one.ordinal === ordinal);
		if (node !== undefined) {
			this.#fleet.kill(node, 'interrupted');
		}
	}

	/** Ends all nodes of a zone at once; none is launched there until the outage is over. */
	loseZone({zone, duration}: Outage, stream: RandomStream): void {
		const {zones} = this.#run.experiment.nodeAutoscaler!;
		const used = [...new Set(this.#fleet.nodes.all.map(({order}) => order.zone))].sort((a, b) => a - b);
		const [lost] = zone === undefined ? pick(used, 1, stream) : [zones.indexOf(zone)];
		if (lost === undefined) {
			return; // no node is anywhere
		}

		const {closedZones, nodes} = this.#fleet;
		closedZones.set(lost, (closedZones.get(lost) ?? 0) + 1);
		for (const node of nodes.all.filter(({order}) => order.zone === lost)) {
			this.#fleet.kill(node, 'outage');
		}

		this.#run.simulation.schedule(this.#run.simulation.now + duration, this.#outageOver, lost);
	}

	#endOutage(zone: number): void {
		const {closedZones} = this.#fleet;
		const left = (closedZones.get(zone) ?? 1) - 1;
		if (left > 0) {
			closedZones.set(zone, left);
		} else {
			closedZones.delete(zone);
		}
	}
}
