import {setImmediate as breathe} from 'node:timers/promises';
import {type PowerPlan, planPower, powerRunCount} from '../../comparison/power/power-plan.ts';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {readRecord} from '../../store/records/read-record.ts';
import {readExperiments} from '../read-experiments.ts';
import type {UseCaseOptions} from '../use-case.ts';

export type {PowerPlan} from '../../comparison/power/power-plan.ts';

export type PlanRepeatsOptions = UseCaseOptions & {
	/** Profile of the experiments to apply. */
	readonly profile?: string;
	/** Changed values, `path=value` each. */
	readonly set?: readonly string[];
	/** Folder of a measured record whose times in service, pods of requests and clocks stand for the held causes. */
	readonly record?: string;
	/** Simulated runs of each spread; 40 when left out. */
	readonly runs?: number;
};

const usualRuns = 40;

/**
 * Says, before anything is measured, how much each judged figure of experiments differs between runs, by cause, and how many
 * repeats decide it.
 *
 * @throws {UserError} when a file is faulty, or the record is of another experiment
 */
export async function planRepeats(files: readonly string[], options: PlanRepeatsOptions = {}): Promise<PowerPlan[]> {
	const {profile, set = [], record: folder, runs = usualRuns, ...useCase} = options;
	const experiments = await readExperiments({
		file: files,
		all: false,
		set,
		...(profile !== undefined && {profile}),
	});
	const record = folder === undefined ? undefined : {name: folder, recording: await readRecord(folder)};
	const other = experiments.find(({hash}) => record !== undefined && record.recording.head.experiment.hash !== hash);
	if (record !== undefined && other !== undefined) {
		const got = record.recording.head.experiment.name;
		throw new UserError(
			'E_FILE',
			`Expected ${folder} to be a record of ${other.name} as it is here, got one of ${got}`,
		);
	}

	return planExperiments(experiments, {runs, record, ...useCase});
}

type Planning = UseCaseOptions & {
	readonly runs?: number;
	readonly record?: Parameters<typeof planPower>[0]['record'];
	readonly rule?: Parameters<typeof planPower>[0]['rule'];
};

/** Plans the repeats of experiments that were read. */
export async function planExperiments(
	experiments: readonly Experiment[],
	{runs = usualRuns, record, rule, signal, onProgress}: Planning,
): Promise<PowerPlan[]> {
	const total = experiments.reduce((sum, experiment) => sum + powerRunCount({experiment, runs}), 0);
	const progress = {doing: 'Simulating', total, unit: 'runs'};
	const plans: PowerPlan[] = [];
	let done = 0;
	onProgress?.({...progress, done});
	for (const experiment of experiments) {
		const planning = planPower({experiment, runs, record, rule});
		let step = planning.next();
		while (step.done !== true) {
			await breathe();
			signal?.throwIfAborted();
			onProgress?.({...progress, done: ++done});
			step = planning.next();
		}

		plans.push(step.value);
	}

	onProgress?.({...progress, done, isOver: true});
	return plans;
}
