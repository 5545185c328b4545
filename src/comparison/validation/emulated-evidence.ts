import type {Experiment} from '../../experiment/experiment.ts';
import {experimentTitle} from '../../experiment/experiment.ts';
import {checkController, type Recorded} from '../controller-check.ts';

/** Check of the controller by one emulated replay, which says nothing of load, service and use. */
export type EmulatedEvidence = {
	readonly folder: string;
	readonly title: string;
	/** Most replicas that were asked for. */
	readonly largest: number;
	/** Decisions whose inputs the record has. */
	readonly decisions: number;
	/** Decisions among them that were decided again as recorded. */
	readonly matches: number;
};

/** Decides every reconcile of an emulated replay again, from what its controller saw. */
export function emulatedEvidence(recorded: Recorded, experiment: Experiment): EmulatedEvidence {
	const {decisions, matches, unchecked} = checkController(recorded, experiment);
	const {name, profile} = experiment;
	const {desiredReplicas} = recorded.recording.tables.decisions;
	return {
		folder: recorded.name,
		title: experimentTitle({name, profile}),
		largest: desiredReplicas.reduce((most, replicas) => Math.max(most, replicas), 0),
		decisions: decisions - unchecked.reduce((sum, {count}) => sum + count, 0),
		matches,
	};
}
