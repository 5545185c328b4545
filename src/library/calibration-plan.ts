import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type CalibrationRun, type CalibrationRunOptions, calibrationRuns} from '../calibration/calibration-runs.ts';
import {UserError} from '../errors.ts';
import {hasRoomForModel} from '../experiment/model-container.ts';
import type {RecordHead} from '../records/record.ts';
import {packageRoot} from '../store/disk/package.ts';
import {type ReadOptions, readExperiment} from '../store/experiments/read-experiment.ts';

const [serviceFile, startupFile] = ['service.yaml', 'start-up.yaml'] as const;

/** Folders of a calibration's experiments, the working directory's first. */
const folders = () => [join('experiments', 'calibration'), join(packageRoot(), 'experiments', 'calibration')];

/**
 * Runs of a calibration: by the experiments of the working directory where it has them, else by the shipped ones.
 *
 * @throws {UserError} E_CONFIG with what is wrong with the experiments
 */
export async function plannedRuns(options: CalibrationRunOptions & ReadOptions): Promise<CalibrationRun[]> {
	const runs = await runsIn(folders().find(folder => existsSync(folder)) ?? folders()[1]!, options);
	const crowded = runs.find(({experiment}) => !hasRoomForModel(experiment.deployment));
	if (crowded !== undefined) {
		const {llm} = crowded.experiment.deployment;
		throw new UserError(
			'E_USAGE',
			`Expected --slots to leave the model room in container ${llm.container}, got ${llm.parallel}: its memory limit does not hold so many contexts of ${llm.contextLength} tokens`,
		);
	}

	return runs;
}

/** Most slots that a calibration makes a run at. */
export const mostSlots = 16;
const anySlots = Array.from({length: mostSlots}, (_, index) => index + 1);

/** A run of a calibration, and the file that its experiment is made of. */
type FoundRun = CalibrationRun & {readonly path: string};

/** Run of a calibration that a record is of; undefined when it is of something else. */
export async function findRun({experiment: {hash, profile}, seed}: RecordHead): Promise<FoundRun | undefined> {
	for (const folder of folders().filter(path => existsSync(path))) {
		for (const isShort of [false, true]) {
			const runs = await runsIn(folder, {isShort, slots: anySlots, ...(profile !== undefined && {profile})}).catch(
				noRuns,
			);
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
	{isShort, slots = [], ...options}: CalibrationRunOptions & ReadOptions,
): Promise<CalibrationRun[]> {
	const service = await readExperiment(join(folder, serviceFile), options);
	const startup = await readExperiment(join(folder, startupFile), options);
	if (service.workload.loop !== 'closed') {
		throw new UserError('E_CONFIG', `Expected workload.loop of ${join(folder, serviceFile)} to be closed, got open`);
	}

	return calibrationRuns({service, startup}, {isShort, slots});
}
