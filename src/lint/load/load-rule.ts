import type {Experiment} from '../../experiment/experiment.ts';
import type {Rule, Suspicion} from '../finding.ts';
import type {LintSubject} from '../subject.ts';
import type {WitnessStep} from '../witness/witness.ts';

/** Run of an experiment, as far as rules on a load look at it. */
export type LoadRun = {
	readonly steps: readonly WitnessStep[];
	/** Pods that the autoscaler added, in the order in which they were created [s]; `ready` is left out of one that never was. */
	readonly added: readonly {readonly created: number; readonly ready?: number}[];
};

/** Runs of one variant of an experiment, and whether they keep its objectives beyond doubt. */
export type LoadRuns = {readonly runs: readonly LoadRun[]; readonly keepsSlo: boolean};

/** Finding on an autoscaler under the load of an experiment, as its runs show it. */
export type ShownLoad = Pick<Suspicion, 'message' | 'fix'> & {readonly steps: readonly WitnessStep[]};

/** Experiments that a rule has simulated, and what it makes of them. */
export type LoadPlan = Pick<Suspicion, 'severity' | 'object' | 'place'> & {
	/** Load in words. */
	readonly load: string;
	/** Experiment with the manifest's autoscaler, then its variants. */
	readonly experiments: readonly Experiment[];
	/** Independent runs of each. */
	readonly replications: number;
	/** Finding that the runs show, those of each experiment in turn; undefined where they show none. */
	readonly shows: (results: readonly LoadRuns[]) => ShownLoad | undefined;
};

/** Fault that shows under the load of an experiment alone. */
export type LoadRule = Omit<Rule, 'check'> & {
	readonly check: (subject: LintSubject, experiment: Experiment) => Iterable<LoadPlan>;
};
