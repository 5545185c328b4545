import {fullSpeedOf} from '../../experiment/threads.ts';
import type {RecordedRun} from '../../records/recorded-run.ts';
import type {ReferencedFiles} from '../../store/experiments/referenced-files.ts';
import type {FoundSettings} from '../../store/recordings/read-settings.ts';
import {runExperiment} from '../../store/recordings/run-experiment.ts';
import type {LineTask} from '../pool/line-worker.ts';

type TaskOptions = {
	/** Facts that are laid over the settings, from the first on; all when left out. */
	readonly facts?: number;
	readonly files: ReferencedFiles;
	readonly replications: number;
};

/**
 * Task of forecasting a recording under the settings of its set.
 *
 * @throws {UserError} with a line for each fault of the settings, or when the workload has not what they need
 */
export async function recordingTask(
	found: FoundSettings,
	run: RecordedRun,
	{replications, ...options}: TaskOptions,
): Promise<LineTask> {
	const {experiment, serviceSeconds, isCpuTime, lead, replicas} = await runExperiment(found, run, options);
	const speed = fullSpeedOf(experiment.deployment);
	const times = isCpuTime ? serviceSeconds?.map(seconds => seconds / speed) : serviceSeconds;
	return {
		...{experiment: lead > 0 ? {...experiment, warmup: lead} : experiment, replications, lead},
		...(times !== undefined && {serviceSeconds: times}),
		...(replicas !== undefined && {replicas}),
	};
}
