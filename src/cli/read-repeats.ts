import type {Experiment} from '../experiment/experiment.ts';
import type {FoundRecord} from '../files/find-records.ts';
import {readRecord} from '../files/read-record.ts';
import type {SummarizedRun} from '../forecast/forecast.ts';
import {readAccount} from '../records/read-account.ts';

/** Measured runs, the records of one repeat being its arms; only the dynamic one where some repeat has no fixed one. */
export async function readRepeats(experiment: Experiment, records: readonly FoundRecord[]): Promise<SummarizedRun[]> {
	const runs: SummarizedRun[] = [];
	for (const {folder, head} of records.filter(({head: {arm}}) => arm === 'dynamic')) {
		const other = records.find(({head: {arm, replication}}) => arm === 'fixed' && replication === head.replication);
		const accountOf = async (path: string) => readAccount(await readRecord(path), experiment);
		runs.push({
			scheduleHash: head.scheduleHash,
			dynamic: await accountOf(folder),
			...(other !== undefined && {fixed: await accountOf(other.folder)}),
		});
	}

	const areAllCompared = runs.every(({fixed}) => fixed !== undefined);
	return areAllCompared ? runs : runs.map(({scheduleHash, dynamic}) => ({scheduleHash, dynamic}));
}
