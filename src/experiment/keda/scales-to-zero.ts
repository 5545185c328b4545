import {mayIdleAtZero} from '../../autoscaler/keda/keda-spec.ts';
import type {Experiment} from '../experiment.ts';

/** Whether an experiment's autoscaler may take the last pod away. */
export function scalesToZero({keda}: Pick<Experiment, 'keda'>): boolean {
	return keda !== undefined && mayIdleAtZero(keda);
}
