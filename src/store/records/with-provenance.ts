import type {Experiment, PinnedFile} from '../../experiment/experiment.ts';
import {standingOf} from '../../forecast/standing/standing.ts';
import type {Summary} from '../../forecast/summary.ts';
import {modelDigests, provenanceOf} from '../../records/provenance.ts';
import type {Recording} from '../../records/record.ts';
import {program} from '../disk/package.ts';

/**
 * A summary of simulated runs with its standing and the files, options and program that its figures depend on.
 *
 * @param priceBooks - files of the ways of billing that stand beside the experiment's own
 */
export function withProvenance(
	summary: Summary,
	experiment: Experiment,
	priceBooks: readonly PinnedFile[] = [],
): Summary {
	const {document, ...provenance} = provenanceOf(experiment, program());
	return {
		...summary,
		standing: standingOf(experiment),
		provenance: {
			...provenance,
			...(priceBooks.length > 0 && {priceBooks}),
			...(document !== undefined && {document}),
		},
	};
}

/** A simulated record with its provenance: the simulator does not know which release it is part of. */
export function stampedRecording({head, ...rest}: Recording, experiment: Experiment): Recording {
	const provenance = provenanceOf(experiment, program());
	const versions = {...head.versions, replicast: provenance.replicast.version};
	return {head: {...head, versions, models: modelDigests(experiment), provenance}, ...rest};
}
