import * as z from 'zod';

/** `record.json`: the run, the versions that made it, and whether the result may be used. */
export const recordHeadSchema = z.strictObject({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('Record'),
	engine: z.enum(['simulated', 'measured']),
	experiment: z.strictObject({name: z.string(), hash: z.string(), profile: z.string().exactOptional()}),
	arm: z.enum(['dynamic', 'fixed']),
	seed: z.int(),
	/** Number of the replication (simulated) or repeat (measured), from 0. */
	replication: z.int().min(0),
	durationSeconds: z.number().positive(),
	warmupSeconds: z.number().min(0),
	scheduleHash: z.string(),
	versions: z.record(z.string(), z.string()),
	/** Digest by model name. */
	models: z.record(z.string(), z.string()),
	validity: z.strictObject({valid: z.boolean(), reasons: z.array(z.string())}),
	/** Tables that were too long to be kept. */
	omittedTables: z.array(z.string()).exactOptional(),
});

/** Head of a record in memory, which names omitted tables beside its tables. */
export type RecordHead = Omit<z.infer<typeof recordHeadSchema>, 'omittedTables'>;

export type Arm = RecordHead['arm'];
