import type {Experiment} from '../experiment/experiment.ts';
import type {RecordHead} from './record.ts';

/** What tells one run of an experiment from the others. */
export type RunOfExperiment = Pick<RecordHead, 'engine' | 'arm' | 'replication' | 'scheduleHash'> &
	Partial<Pick<RecordHead, 'versions' | 'models' | 'validity'>>;

/** `record.json` of a run; without versions and models, and valid, where nothing else is said. */
export function headOfRun(
	experiment: Experiment,
	{
		engine,
		arm,
		replication,
		scheduleHash,
		versions = {},
		models = {},
		validity = {valid: true, reasons: []},
	}: RunOfExperiment,
): RecordHead {
	const {name, hash, profile, seed, duration, warmup} = experiment;
	return {
		apiVersion: 'replicast/v1',
		kind: 'Record',
		engine,
		experiment: {name, hash, ...(profile !== undefined && {profile})},
		arm,
		seed,
		replication,
		durationSeconds: duration,
		warmupSeconds: warmup,
		scheduleHash,
		versions: {...versions},
		models: {...models},
		validity,
	};
}
