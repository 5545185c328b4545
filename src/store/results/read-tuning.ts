import {existsSync} from 'node:fs';
import * as z from 'zod';
import {candidateNamed} from '../../tune/given-candidates.ts';
import {parseConstraint, type TuneGoal} from '../../tune/goal.ts';
import type {Space} from '../../tune/space.ts';
import type {Tuning} from '../../tune/tuning.ts';
import {filesNamed} from '../records/find-records.ts';
import {readJson} from '../records/read-record.ts';

/** A mean with its interval. */
export const EstimateSchema = z.object({
	mean: z.number().nullable(),
	low: z.number().nullable(),
	high: z.number().nullable(),
});
/** A value of a setting. */
export const ValueSchema = z.union([z.number(), z.string()]);

/** A candidate in it. */
export const TunedCandidate = z.object({
	name: z.string(),
	settings: z.record(z.string(), ValueSchema),
	costPerHour: EstimateSchema,
	p95Seconds: EstimateSchema,
	sloMisses: EstimateSchema,
	availability: EstimateSchema,
	churn: EstimateSchema,
	energy: EstimateSchema,
	replicas: EstimateSchema,
	meetsGoal: z.boolean(),
	feasibility: z.number(),
	onFront: z.boolean(),
	present: z.boolean(),
	default: z.boolean(),
	recommended: z.boolean(),
	heldOut: z.boolean(),
	replications: z.number(),
	breaks: z.array(z.string()).exactOptional(),
	loss: z.enum(['misses', 'worse', 'cut']).exactOptional(),
});

const Sensitivity = z.object({
	setting: z.string(),
	recommended: ValueSchema,
	effect: z.number(),
	breaksGoal: z.boolean(),
	changes: z.array(
		z.object({
			value: ValueSchema,
			difference: z.object({
				costPerHour: EstimateSchema,
				p95Seconds: EstimateSchema,
				churn: EstimateSchema,
				energy: EstimateSchema,
			}),
			meetsGoal: z.boolean(),
		}),
	),
});

/** `tune.json` as it is read back. */
export const TuningDocument = z.object({
	kind: z.literal('Tuning'),
	experiment: z.object({name: z.string(), hash: z.string()}),
	kubernetes: z.string(),
	space: z.string(),
	minimize: z.enum(['costPerHour', 'energyWattHours', 'p95Seconds']),
	subjectTo: z.array(z.string()),
	seed: z.number(),
	end: z.enum(['settled', 'budget', 'interrupted']),
	runs: z.number(),
	replications: z.number(),
	probabilityOfCorrectSelection: z.number(),
	probabilityOfGoodSelection: z.object({probability: z.number(), within: z.number()}),
	probabilityOfKeepingBounds: z.object({feasibility: z.number(), replications: z.number()}),
	saved: z.object({costPerHour: EstimateSchema, fraction: EstimateSchema}),
	candidates: z.array(TunedCandidate).min(1),
	sensitivity: z.array(Sensitivity),
});

export type TuningDocument = z.infer<typeof TuningDocument>;

/**
 * Reads a `tune.json`.
 *
 * @returns undefined when there is no such file, or it holds something else
 */
export function readTuningDocument(path: string): TuningDocument | undefined {
	if (!existsSync(path)) {
		return undefined;
	}

	const parsed = TuningDocument.safeParse(readJson(path));
	return parsed.success ? parsed.data : undefined;
}

/**
 * A tuning as it was when its document was written.
 *
 * @returns undefined when it did not come of this space
 */
export function tuningOf(document: TuningDocument, space: Space): Tuning | undefined {
	const {minimize, subjectTo, candidates, probabilityOfGoodSelection} = document;
	const best = candidates.find(({recommended}) => recommended);
	const recommended = best && candidateNamed(space, best);
	if (recommended === undefined || !candidates.some(({present}) => present) || document.space !== space.name) {
		return undefined;
	}

	const goal: TuneGoal = {minimize, constraints: subjectTo.map(parseConstraint)};
	const {probability: good, within} = probabilityOfGoodSelection;
	return {
		...document,
		goal,
		correctness: {correct: document.probabilityOfCorrectSelection, good, within},
		recommended: recommended.scaling,
		found: document.probabilityOfKeepingBounds,
	};
}

const Candidate = TunedCandidate.pick({
	name: true,
	settings: true,
	costPerHour: true,
	p95Seconds: true,
	present: true,
	default: true,
	recommended: true,
	heldOut: true,
});

/** Schema of the part of `tune.json` that is read. */
const TuningExtract = TuningDocument.pick({kind: true, experiment: true, replications: true}).extend({
	candidates: z.array(Candidate).min(1),
});

export type FoundTuning = z.infer<typeof TuningExtract>;

/** The tuning of one of the experiments (by hash, the first one first) below a folder. */
export function findTuning(root: string, hashes: readonly string[]): FoundTuning | undefined {
	const tunings = filesNamed('tune.json', root).flatMap(path => {
		const parsed = TuningExtract.safeParse(readJson(path));
		return parsed.success ? [parsed.data] : [];
	});
	return hashes.flatMap(hash => tunings.find(({experiment}) => experiment.hash === hash) ?? [])[0];
}
