import {existsSync} from 'node:fs';
import {dirname} from 'node:path';
import * as z from 'zod';
import {TuningCandidate, TuningDocument} from '../../tune/tuning.ts';
import {filesNamed} from '../records/find-records.ts';
import {readJson} from '../records/read-record.ts';

/**
 * Content of a `tune.json`.
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

/** Part of `tune.json` that the poster shows. */
const FoundTuning = TuningDocument.pick({kind: true, experiment: true, replications: true}).extend({
	candidates: z
		.array(
			TuningCandidate.pick({
				name: true,
				settings: true,
				costPerHour: true,
				p95Seconds: true,
				present: true,
				default: true,
				recommended: true,
				heldOut: true,
			}),
		)
		.min(1),
});

type FoundTuning = z.infer<typeof FoundTuning>;

/** Tuning whose recommendation keeps its bounds, and its folder. */
export type RecommendedTuning = {readonly folder: string; readonly document: TuningDocument};

/** The tunings of an experiment (by hash) below a folder that recommend something; files that are no such document are passed over. */
export function findRecommended(root: string, hash: string): RecommendedTuning[] {
	return filesNamed('tune.json', root).flatMap(path => {
		const document = readTuningDocument(path);
		return document?.experiment.hash === hash && document.keepsBounds ? [{folder: dirname(path), document}] : [];
	});
}

/** Tuning of one of the experiments (by hash, the first one first) below a folder; undefined when there is none. */
export function findTuning(root: string, hashes: readonly string[]): FoundTuning | undefined {
	const tunings = filesNamed('tune.json', root).flatMap(path => {
		const parsed = FoundTuning.safeParse(readJson(path));
		return parsed.success ? [parsed.data] : [];
	});
	return hashes.flatMap(hash => tunings.find(({experiment}) => experiment.hash === hash) ?? [])[0];
}
