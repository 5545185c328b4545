import * as z from 'zod';
import type {Experiment, PinnedFile} from '../experiment/experiment.ts';
import {releaseOf, resolvedDigest} from '../experiment/experiment-hash.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const pinnedFile = z.strictObject({
	kind: z.string(),
	name: z.string().exactOptional(),
	date: z.string().exactOptional(),
	status: z.string().exactOptional(),
	file: z.string(),
	sha256: digest,
}) satisfies z.ZodType<PinnedFile>;

/**
 * Form of a provenance: files, options and program that a result depends on. Node.js is not part of it: the arithmetic of a simulated run is
 * the same with every release, and a measured record names its own under `versions`.
 */
export const provenanceForm = z.strictObject({
	replicast: z.strictObject({
		version: z.string(),
		/** Commit that it was built from, `-dirty` after it when files had changed. */
		commit: z.string().exactOptional(),
	}),
	/** Release whose autoscaler was simulated, and whether the experiment gives none. */
	kubernetes: z.strictObject({release: z.string(), assumed: z.boolean()}),
	/** Digest of the experiment with its models, prices and requests, wherever its files stand. */
	resolved: digest,
	/** Profile that was applied. */
	profile: z.string().exactOptional(),
	/** `--set` options, in order. */
	set: z.array(z.string()).readonly(),
	/** Files that the experiment was read from, its own first; none when it was made by a program. */
	files: z.array(pinnedFile).readonly(),
	/** Price books that are shown beside the experiment's own. */
	priceBooks: z.array(pinnedFile).readonly().exactOptional(),
	/** The experiment file as it was simulated, its models in it, as JSON in one line. */
	document: z.string().exactOptional(),
});

/** Files, options and program that a result depends on. */
export type RunProvenance = z.infer<typeof provenanceForm>;

/** Provenance of an experiment's runs by a program. */
export function provenanceOf(experiment: Experiment, replicast: RunProvenance['replicast']): RunProvenance {
	const {origin, profile} = experiment;
	return {
		replicast,
		kubernetes: releaseOf(experiment),
		resolved: resolvedDigest(experiment),
		...(profile !== undefined && {profile}),
		set: origin?.set ?? [],
		files: origin?.files ?? [],
		...(origin !== undefined && {document: JSON.stringify(origin.document)}),
	};
}

/** Digests of the model files by the names that they give themselves. */
export function modelDigests({origin}: Experiment): Record<string, string> {
	const models = (origin?.files ?? []).filter(({kind, name}) => kind !== 'Experiment' && name !== undefined);
	return Object.fromEntries(models.map(({name = '', sha256: hex}) => [name, hex]));
}
