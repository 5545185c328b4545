import {dirname, join} from 'node:path';
import type {ReplayRun} from '../../cluster/replay/replay-run.ts';
import type {Comparison, ComparisonInput} from '../../comparison/compare.ts';
import {UserError} from '../../errors.ts';
import {listShippedExperiments} from '../../store/disk/package.ts';
import {readExperimentSource} from '../../store/experiments/read-experiment.ts';
import {calibrate} from '../calibrate.ts';
import {compareSides} from '../compare.ts';
import type {Subject} from '../comparison-sides.ts';
import {measureOnCluster, type Place, usualPlace} from '../replay/replay.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {settingsOf} from './campaign-models.ts';

/** Cluster, simulator and clock of a campaign. */
export type CampaignField = {
	/** Experiments of the campaign, with the models of the files in the place of their own. */
	readonly subjects: (models: readonly string[]) => Promise<readonly Subject[]>;
	/** Measures the models. @returns the paths of their files */
	readonly calibrate: () => Promise<readonly string[]>;
	/** Replays a run and writes its record, valid or not. */
	readonly replay: (run: ReplayRun, folder: string) => Promise<void>;
	readonly compare: (input: ComparisonInput, signal: AbortSignal | undefined) => Promise<Comparison>;
	/** [s] */
	readonly now: () => number;
};

export type ClusterFieldOptions = UseCaseOptions & {
	readonly out: string;
	/** Experiment files; the shipped ones that have the profile when empty. */
	readonly files?: readonly string[];
	/** Profile of the experiments; `validation` when left out. */
	readonly profile?: string;
	/** Profile of the calibration; `bench` when left out. */
	readonly calibrationProfile?: string;
	readonly place?: Place;
};

/** Field of a campaign on a real cluster. The cluster stays, so that every run finds it. */
export function clusterField(options: ClusterFieldOptions): CampaignField {
	const {out, place = usualPlace, calibrationProfile = 'bench', signal, onProgress} = options;
	const useCase = {...(signal && {signal}), ...(onProgress && {onProgress})};
	return {
		subjects: async models => readSubjects(options, models),
		async calibrate() {
			const subjects = await readSubjects(options, []);
			const {written} = await calibrate({
				...useCase,
				profile: calibrationProfile,
				slots: slotsUpTo(Math.max(...subjects.map(({experiment}) => experiment.deployment.llm.parallel))),
				place,
				keeps: true,
				records: join(out, 'calibration'),
				out: join(out, 'models'),
			});
			return written;
		},
		async replay(run, folder) {
			const folders = {out: dirname(dirname(folder)), folderOf: () => folder.split(/[\\/]/).at(-2)!};
			await measureOnCluster([run], {...useCase, ...folders, place, keeps: true});
		},
		compare: async (input, given) => compareSides(input, given === undefined ? {} : {signal: given}),
		now: () => performance.now() / 1000,
	};
}

async function readSubjects(
	{files = [], profile = 'validation'}: ClusterFieldOptions,
	models: readonly string[],
): Promise<Subject[]> {
	const set = await settingsOf(models);
	const subjects: Subject[] = [];
	for (const path of files.length > 0 ? files : listShippedExperiments()) {
		const source = await readExperimentSource(path, {profile, set}).catch((error: unknown) => {
			if (files.length === 0 && error instanceof UserError && error.message.includes('profile')) {
				return undefined; // one without the profile takes no part
			}

			throw error;
		});
		if (source !== undefined && Object.keys(source.experiment.accept).length > 0) {
			subjects.push(source);
		}
	}

	return subjects;
}

/** Numbers of parallel slots that are measured for pods with at most so many: 2, 4, … and the most; none for 1. */
export function slotsUpTo(most: number): number[] {
	const slots: number[] = [];
	for (let count = 2; count < most; count *= 2) {
		slots.push(count);
	}

	return most > 1 ? [...slots, most] : slots;
}
