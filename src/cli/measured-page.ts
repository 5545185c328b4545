import {join} from 'node:path';
import type {Experiment} from '../experiment/experiment.ts';
import {findRecords} from '../files/find-records.ts';
import {readRecord} from '../files/read-record.ts';
import {writeFileAtomically} from '../files/write-atomically.ts';
import {summarize} from '../forecast/forecast.ts';
import {readRepeats} from './read-repeats.ts';
import {runPage} from './run-page.ts';

/**
 * Writes the page of an experiment's measured records that passed their own check.
 *
 * @param folder - that the records are in
 * @returns its path; nothing when there is no such record of the dynamic arm
 */
export async function writeMeasuredPage(folder: string, experiment: Experiment): Promise<string | undefined> {
	const records = (await findRecords(folder)).filter(
		({head}) => head.engine === 'measured' && head.validity.valid && head.experiment.hash === experiment.hash,
	);
	const dynamic = records.filter(({head}) => head.arm === 'dynamic');
	const [first] = dynamic;
	if (first === undefined) {
		return undefined;
	}

	const runs = await readRepeats(experiment, records);
	const page = await runPage({
		experiment,
		summary: summarize(experiment, runs),
		evidence: 'measured',
		timelines: new Map(runs.map((run, index) => [dynamic[index]!.folder, run.dynamic.timeline])),
		dynamic: await readRecord(first.folder),
	});
	const path = join(folder, 'report.html');
	writeFileAtomically(path, page);
	return path;
}
