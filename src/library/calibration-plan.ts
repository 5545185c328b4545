import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type CalibrationRun, type CalibrationRunOptions, calibrationRuns} from '../calibration/calibration-runs.ts';
import {UserError} from '../errors.ts';
import type {RecordHead} from '../records/record.ts';
import {formatDuration} from '../report/text/format.ts';
import {drawTable} from '../report/text/report.ts';
import {packageRoot} from '../store/disk/package.ts';
import {type ReadOptions, readExperiment} from '../store/experiments/read-experiment.ts';

const [serviceFile, startupFile] = ['service.yaml', 'start-up.yaml'] as const;

/** Where the experiments of a calibration stand, those of the working directory first. */
const folders = () => [join('experiments', 'calibration'), join(packageRoot(), 'experiments', 'calibration')];

/**
 * The runs of a calibration: by the experiments of the working directory where it has them, else by the shipped ones.
 *
 * @throws {UserError} E_CONFIG with what is wrong with the experiments
 */
export async function plannedRuns(options: CalibrationRunOptions & ReadOptions): Promise<CalibrationRun[]> {
	return runsIn(folders().find(folder => existsSync(folder)) ?? folders()[1]!, options);
}

/** A run of a calibration, and the file that its experiment is made of. */
export type FoundRun = CalibrationRun & {readonly path: string};

/** The run of a calibration that a record is of; nothing when it is of something else. */
export async function findRun({experiment: {hash, profile}, seed}: RecordHead): Promise<FoundRun | undefined> {
	for (const folder of folders().filter(path => existsSync(path))) {
		for (const isShort of [false, true]) {
			const runs = await runsIn(folder, {isShort, ...(profile !== undefined && {profile})}).catch(noRuns);
			const found = runs.find(({experiment}) => experiment.hash === hash && experiment.seed === seed);
			if (found !== undefined) {
				return {...found, path: join(folder, found.arm === 'dynamic' ? startupFile : serviceFile)};
			}
		}
	}

	return undefined;
}

/** A faulty experiment, or one without the profile, has no runs to find. */
function noRuns(error: unknown): CalibrationRun[] {
	if (error instanceof UserError) {
		return [];
	}

	throw error;
}

async function runsIn(
	folder: string,
	{isShort, ...options}: CalibrationRunOptions & ReadOptions,
): Promise<CalibrationRun[]> {
	const service = await readExperiment(join(folder, serviceFile), options);
	const startup = await readExperiment(join(folder, startupFile), options);
	if (service.workload.loop !== 'closed') {
		throw new UserError('E_CONFIG', `Expected workload.loop of ${join(folder, serviceFile)} to be closed, got open`);
	}

	return calibrationRuns({service, startup}, {isShort});
}

/** Pods are started and sampled before each run [s], about so long; and the cluster is looked at once. */
const around = {run: 50, session: 45};

/** What is going to be measured and how long that takes, for people. */
export function planText(runs: readonly CalibrationRun[]): string {
	const total = runs.reduce((sum, {experiment}) => sum + experiment.duration + around.run, around.session);
	const rows = runs.map(({name, experiment, arm, purpose}) => [
		name,
		formatDuration(experiment.duration),
		arm === 'fixed' ? String(experiment.fixed!.replicas) : 'autoscaled',
		experiment.workload.loop === 'closed' ? String(experiment.workload.users.count) : 'open loop',
		purpose,
	]);
	const table = drawTable([['run', 'lasts', 'pods', 'users', 'tells'], ...rows]);
	return `${table}\n${runs.length} runs, about ${formatDuration(total)} with the time to start and sample the pods\n`;
}
