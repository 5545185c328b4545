import {join} from 'node:path';
import {summarize} from '../../forecast/summarize.ts';
import type {Recording} from '../../records/record.ts';
import type {PosterSubject} from '../../report/charts/poster-charts.ts';
import {packageRoot, version} from '../../store/disk/package.ts';
import {readExperiment} from '../../store/experiments/read-experiment.ts';
import type {FoundRecord} from '../../store/records/find-records.ts';
import {readRecord} from '../../store/records/read-record.ts';
import {findSummary} from '../../store/results/read-summary.ts';
import {readRepeats} from '../audit.ts';

/** The experiments that the poster's panels are of. */
export const questions = [
	'performance-under-load',
	'dynamic-scaling',
	'resource-consumption',
	'cost-efficiency',
	'multi-tenant',
	'multi-tenant-noisy-neighbour',
] as const;

export type PosterQuestion = (typeof questions)[number];

/** Known parts of a question before anything is simulated. */
export type KnownSubject = Omit<PosterSubject, 'simulated'> & {
	readonly path: string;
	readonly simulated: PosterSubject['simulated'] | undefined;
	readonly measuredRecords: readonly MeasuredRecord[];
	/** Folders of all records that are used. */
	readonly folders: readonly string[];
};

/** Record of the dynamic arm. */
export type MeasuredRecord = {readonly folder: string; readonly recording: Recording};

/** Paths of the experiments. */
function questionPath(question: PosterQuestion): string {
	return join(packageRoot(), 'experiments', `${question}.yaml`);
}

/** The profile that most valid measured records of the poster's experiments have. */
export function measuredProfile(records: readonly FoundRecord[]): string | undefined {
	const counts = new Map<string | undefined, number>();
	for (const {head} of records) {
		const isAsked = (questions as readonly string[]).includes(head.experiment.name);
		if (isAsked && head.engine === 'measured' && head.validity.valid) {
			counts.set(head.experiment.profile, (counts.get(head.experiment.profile) ?? 0) + 1);
		}
	}

	return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Reads what records say of a question. */
export async function readSubject(
	question: PosterQuestion,
	{records, profile}: {readonly records: readonly FoundRecord[]; readonly profile: string | undefined},
): Promise<KnownSubject> {
	const path = questionPath(question);
	const experiment = await readExperiment(path, profile === undefined ? {} : {profile});
	const measured = records.filter(
		({head}) => head.engine === 'measured' && head.validity.valid && head.experiment.hash === experiment.hash,
	);
	const dynamic = measured.filter(({head}) => head.arm === 'dynamic');
	const found = findSummary(records, experiment, version());
	return {
		path,
		experiment,
		simulated: found?.summary,
		measured: dynamic.length === 0 ? undefined : summarize(experiment, await readRepeats(experiment, measured)),
		measuredRecords: await Promise.all(
			dynamic.map(async ({folder}) => ({folder, recording: await readRecord(folder)})),
		),
		folders: [...(found === undefined ? [] : [found.record.folder]), ...measured.map(({folder}) => folder)],
	};
}
