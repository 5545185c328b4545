import * as z from 'zod';
import {filesNamed} from './files-named.ts';
import {readJson} from './read-record.ts';
import {TunedCandidate, TuningDocument} from './read-tuning.ts';

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

/** What is read of `tune.json`. */
const Tuning = TuningDocument.pick({kind: true, experiment: true, replications: true}).extend({
	candidates: z.array(Candidate).min(1),
});

export type FoundTuning = z.infer<typeof Tuning>;

/** The tuning of one of the experiments (by hash, the first one first) below a folder. */
export function findTuning(root: string, hashes: readonly string[]): FoundTuning | undefined {
	const tunings = filesNamed('tune.json', root).flatMap(path => {
		const parsed = Tuning.safeParse(readJson(path));
		return parsed.success ? [parsed.data] : [];
	});
	return hashes.flatMap(hash => tunings.find(({experiment}) => experiment.hash === hash) ?? [])[0];
}
