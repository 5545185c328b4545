import * as z from 'zod';
import {Duration, Name, number, PositiveDuration, whole} from './leaves.ts';

const at = Duration.describe('When it happens [duration from the start]');
const count = whole({min: 1, max: 10_000}).default(1);

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
]);
