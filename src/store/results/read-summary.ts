import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {type Summary, summaryForm} from '../../forecast/summary.ts';
import type {FoundRecord} from '../records/find-records.ts';
import {readJson} from '../records/read-record.ts';

/** A summary that `replicast run` left, and the record beside it. */
type FoundSummary = {readonly summary: Summary; readonly record: FoundRecord};

/**
 * The summary of an experiment among records, the one of the most replications.
 *
 * @param version - of this package: another release's figures are not taken
 * @throws {UserError} E_FILE when a summary of that experiment is none
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
			const summary = existsSync(path) ? readSummary(path) : undefined;
			return summary?.experiment === name && summary.seed === seed ? [{summary, record}] : [];
		})
		.sort((a, b) => b.summary.replications - a.summary.replications)[0];
}

function readSummary(path: string): Summary {
	const parsed = summaryForm.safeParse(readJson(path));
	if (!parsed.success) {
		const place = parsed.error.issues[0]?.path.join('.') || 'all of it';
		throw new UserError('E_FILE', `Expected ${path} to be a summary of replicast run, got something else in ${place}`);
	}

	return parsed.data;
}
