import {existsSync} from 'node:fs';
import * as z from 'zod';
import {figureNames} from '../../tune/figures.ts';
import type {LiveCheck} from '../../tune/live-check.ts';
import {filesNamed} from '../records/find-records.ts';
import {readJson} from '../records/read-record.ts';
import {EstimateSchema, ValueSchema} from './read-tuning.ts';

const Figure = z.enum(figureNames);
const Estimates = z.record(Figure, EstimateSchema);
const Verdict = z.enum(['HELD', 'NOT HELD', 'CANNOT SAY']);

const Run = z.object({
	folder: z.string(),
	repeat: z.int().min(0),
	figures: z.record(Figure, z.number()).exactOptional(),
	reason: z.string().exactOptional(),
	kubernetes: z.string().exactOptional(),
});

const Outcome = z.object({
	role: z.enum(['recommended', 'present', 'dropped']),
	name: z.string(),
	settings: z.record(z.string(), ValueSchema),
	dropped: z.object({loss: z.enum(['misses', 'worse', 'cut']), objective: EstimateSchema}).exactOptional(),
	experimentHash: z.string(),
	simulated: Estimates,
	measured: Estimates,
	runs: z.array(Run),
});

const Pair = z.object({
	first: z.string(),
	second: z.string(),
	simulated: z.number(),
	measured: z.number(),
	isClear: z.boolean(),
	outcome: z.enum(['same', 'reversed', 'tied']),
});

const Ranking = z.object({
	figure: Figure,
	tau: z.number().nullable(),
	tauOfRepeats: z.array(z.number().nullable()),
	pairs: z.array(Pair),
	verdict: Verdict,
});

/** `live.json` as it is read back. */
const LiveCheckDocument = z.object({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('LiveCheck'),
	experiment: z.object({name: z.string(), profile: z.string().exactOptional(), hash: z.string()}),
	goal: z.object({minimize: Figure, subjectTo: z.array(z.string())}),
	verdict: Verdict,
	replications: z.number(),
	repeats: z.number(),
	candidates: z.array(Outcome),
	rankings: z.array(Ranking),
}) satisfies z.ZodType<LiveCheck>;

/**
 * Reads a `live.json`.
 *
 * @returns undefined when there is no such file, or it holds something else
 */
export function readLiveCheck(path: string): LiveCheck | undefined {
	if (!existsSync(path)) {
		return undefined;
	}

	const parsed = LiveCheckDocument.safeParse(readJson(path));
	return parsed.success ? parsed.data : undefined;
}

/** Hashes of the candidates' experiments that were measured for a live check below a folder. */
export function liveCheckedHashes(root: string): ReadonlySet<string> {
	const checks = filesNamed('live.json', root).flatMap(path => readLiveCheck(path) ?? []);
	return new Set(checks.flatMap(({candidates}) => candidates.map(({experimentHash}) => experimentHash)));
}
