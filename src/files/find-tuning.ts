import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as z from 'zod';
import {parseJson} from './read-record.ts';

const Estimate = z.object({mean: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable()});

const Candidate = z.object({
	name: z.string(),
	costPerHour: Estimate,
	p95Seconds: Estimate,
	onFront: z.boolean(),
	present: z.boolean(),
	recommended: z.boolean().default(false),
});

/** What is read of `tune.json`. */
const Tuning = z.object({
	kind: z.literal('Tuning'),
	experiment: z.object({name: z.string(), hash: z.string()}),
	replications: z.number(),
	candidates: z.array(Candidate).min(1),
});

export type FoundTuning = z.infer<typeof Tuning>;

/** Deepest folder below the one that is searched. */
const deepest = 3;

/** The tuning of one of the experiments (by hash, the first one first) below a folder. */
export function findTuning(root: string, hashes: readonly string[]): FoundTuning | undefined {
	const tunings = tuningFiles(root, 0).flatMap(path => {
		const parsed = Tuning.safeParse(parseJson(path, readFileSync(path, 'utf8')));
		return parsed.success ? [parsed.data] : [];
	});
	return hashes.flatMap(hash => tunings.find(({experiment}) => experiment.hash === hash) ?? [])[0];
}

function tuningFiles(folder: string, depth: number): string[] {
	if (!existsSync(folder)) {
		return [];
	}

	const entries = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1));
	const own = entries.filter(entry => entry.isFile() && entry.name === 'tune.json').map(({name}) => join(folder, name));
	const below = depth === deepest ? [] : entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'));
	return [...own, ...below.flatMap(({name}) => tuningFiles(join(folder, name), depth + 1))];
}
