import {readAccount} from '../records/read-account.ts';
import type {Timeline} from '../records/replica-line.ts';
import type {ComparisonSides} from './comparison-sides.ts';

/** Replicas of each measured run, by its folder. */
export function measuredTimelines({measured, experiment}: ComparisonSides): Map<string, Timeline> {
	return new Map(measured.map(({name, recording}) => [name, readAccount(recording, experiment).timeline]));
}
