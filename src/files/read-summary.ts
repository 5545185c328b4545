import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Experiment} from '../experiment/experiment.ts';
import type {Summary} from '../forecast/summary.ts';
import type {FoundRecord} from './find-records.ts';
import {parseJson} from './read-record.ts';

/** A summary that `replicast run` left, and the record beside it. */
export type FoundSummary = {readonly summary: Summary; readonly record: FoundRecord};

/**
 * The summary of an experiment among records, the one of the most replications.
 *
 * @param version - of this package: another release's figures are not taken
 */
export function findSummary(
	records: readonly FoundRecord[],
	{name, hash, seed}: Experiment,
	version: string,
): FoundSummary | undefined {
	return records
		.filter(({head}) => head.engine === 'simulated' && head.arm === 'dynamic' && head.experiment.hash === hash)
		.filter(({head}) => head.versions['replicast'] === version)
		.flatMap(record => {
			const path = join(dirname(record.folder), 'summary.json');
			const summary = existsSync(path) ? (parseJson(path, readFileSync(path, 'utf8')) as Summary) : undefined;
			return summary?.experiment === name && summary.seed === seed ? [{summary, record}] : [];
		})
		.sort((a, b) => b.summary.replications - a.summary.replications)[0];
}
