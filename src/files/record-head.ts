import * as z from 'zod';
import type {RecordHead} from '../records/record.ts';

/** `record.json` as it is read back: what `RecordHead` says, checked, and the tables that were too long to keep. */
export const recordHeadSchema = z.strictObject({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('Record'),
	engine: z.enum(['simulated', 'measured']),
	experiment: z.strictObject({name: z.string(), hash: z.string(), profile: z.string().exactOptional()}),
	arm: z.enum(['dynamic', 'fixed']),
	seed: z.int(),
	replication: z.int().min(0),
	durationSeconds: z.number().positive(),
	warmupSeconds: z.number().min(0),
	scheduleHash: z.string(),
	versions: z.record(z.string(), z.string()),
	models: z.record(z.string(), z.string()),
	validity: z.strictObject({valid: z.boolean(), reasons: z.array(z.string())}),
	omittedTables: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<RecordHead>;
