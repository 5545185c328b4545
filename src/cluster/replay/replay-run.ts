import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';

/** Replay of one arm of an experiment. */
export type ReplayRun = {readonly experiment: Experiment; readonly arm: Arm; readonly repeat: number};
