import * as z from 'zod';
import {Duration, Name, number, PositiveDuration, Text, whole} from '../leaves.ts';

/** Fault that happens on purpose. Times in seconds from the start. */
export type FaultPlan =
	| {readonly kind: 'pod-kill'; readonly at: number; readonly count: number}
	| {readonly kind: 'container-restart'; readonly at: number; readonly count: number; readonly container?: string}
	| {
			readonly kind: 'node-pressure';
			readonly at: number;
			/** Nodes hit. */
			readonly count: number;
			/** [s] */
			readonly duration: number;
			/** Fraction of a hit node's CPU that is taken away. */
			readonly cpuFraction: number;
	  }
	| {readonly kind: 'metrics-outage'; readonly at: number; readonly duration: number}
	| {readonly kind: 'rollout'; readonly at: number}
	| {
			readonly kind: 'spot-interruption';
			readonly at: number;
			/** Nodes on the spot market that are taken back. */
			readonly count: number;
			/** Time from the notice to the end of the node [s]. */
			readonly notice: number;
			/** Whether the node is drained at the notice. */
			readonly drain: boolean;
	  }
	| {
			readonly kind: 'zone-outage';
			readonly at: number;
			/** [s] */
			readonly duration: number;
			/** Drawn among the zones that have nodes when left out. */
			readonly zone?: string;
	  };

const at = Duration.describe('When it happens [duration from the start]');
const count = whole({min: 1, max: 10_000}).default(1);

/** Fault as a file has it. */
export const FaultSchema = z.discriminatedUnion('kind', [
	z.strictObject({kind: z.literal('pod-kill'), at, count: count.describe('Pods killed, replaced by the Deployment')}),
	z.strictObject({
		kind: z.literal('container-restart'),
		at,
		count: count.describe('Pods whose container is restarted'),
		container: Name.describe('The container; the LLM’s when left out').exactOptional(),
	}),
	z.strictObject({
		kind: z.literal('node-pressure'),
		at,
		count: count.describe('Nodes hit'),
		duration: PositiveDuration.prefault('60s').describe('How long it lasts [duration]'),
		cpuFraction: number({above: 0, max: 1})
			.default(0.5)
			.describe('Fraction of a hit node’s CPU that is taken away [1]'),
	}),
	z.strictObject({
		kind: z.literal('metrics-outage'),
		at,
		duration: PositiveDuration.prefault('60s').describe('How long the metrics API has nothing [duration]'),
	}),
	z.strictObject({kind: z.literal('rollout'), at}),
	z.strictObject({
		kind: z.literal('spot-interruption'),
		at,
		count: count.describe('Nodes on the spot market that are taken back'),
		notice: Duration.prefault('2m').describe('From the notice to the end of the node [duration]'),
		drain: z
			.boolean({error: 'true or false'})
			.default(true)
			.describe('Whether the node is drained at the notice, as Karpenter and aws-node-termination-handler do'),
	}),
	z.strictObject({
		kind: z.literal('zone-outage'),
		at,
		duration: PositiveDuration.prefault('30m').describe('How long no node can be launched in the zone [duration]'),
		zone: Text.describe('The zone; drawn among those that have nodes when left out').exactOptional(),
	}),
]);
