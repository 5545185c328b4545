import type {RecordHead} from '../../records/record.ts';
import type {Journal} from '../observe/journal.ts';
import type {Cluster} from '../setup/cluster.ts';
import type {ClusterController} from '../setup/controller-settings.ts';
import type {PrepareOptions} from './prepare.ts';
import type {ReplayRun} from './replay-run.ts';
import type {Step} from './step.ts';

/** Surroundings of the steps of one replay. */
export type StepSurroundings = {
	/** Written to until the steps are over. */
	readonly journal: Journal;
	readonly signal: AbortSignal;
	/** Whether the machine's speed is measured before and after the load. */
	readonly probes: boolean;
};

/** Cluster with everything in it that the replays of one experiment need, and how they go. */
export type ReadyEngine = {
	readonly versions: Readonly<Record<string, string>>;
	readonly models: Readonly<Record<string, string>>;
	readonly controller: ClusterController;
	/** Notes of a record beside the differences of the controller. */
	readonly notesOf: (run: ReplayRun) => readonly string[];
	readonly steps: (run: ReplayRun, surroundings: StepSurroundings) => Step[];
};

/** Means by which runs are replayed: real pods under a real load, or emulated ones. */
export type ReplayEngine = {
	/** Name of it in the records. */
	readonly kind: Exclude<RecordHead['engine'], 'simulated'>;
	/** Needs of a run: what was prepared for one serves every other with the same. */
	readonly needsOf: (run: ReplayRun) => string;
	readonly prepare: (run: ReplayRun, options: PrepareOptions) => Promise<ReadyEngine>;
	/** Removes from a cluster that stays what the replays have brought. */
	readonly leave: (cluster: Cluster, options: {readonly keeps: boolean}) => Promise<void>;
};
