import * as z from 'zod';

const arm = z.enum(['dynamic', 'fixed']);
const count = z.int().min(0);

/** Form of `campaign.json`: the state of a campaign, with which it goes on after an interruption. */
export const campaignForm = z.strictObject({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('Campaign'),
	rule: z.strictObject({firstLook: z.int().min(2), mostRepeats: z.int().min(2), alpha: z.number().positive().max(0.5)}),
	seed: z.int(),
	models: z.array(z.string()).exactOptional(),
	experiments: z.array(
		z.strictObject({
			name: z.string(),
			hash: z.string(),
			arms: z.array(arm).min(1),
			repeats: count,
			done: z.array(arm),
			disturbed: count,
			disturbedRuns: count,
			decided: z.record(
				z.string(),
				z.strictObject({verdict: z.enum(['within', 'outside']), repeats: z.int().positive()}),
			),
			open: z.array(z.string()),
			verdict: z.enum(['VALID', 'NOT VALID', 'CANNOT SAY']).exactOptional(),
			reason: z.string().exactOptional(),
		}),
	),
});
