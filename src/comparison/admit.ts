import type {RecordHead, Recording} from '../records/record.ts';
import {recordHash} from '../records/record-hash.ts';

/** Requirements of a measured record to judge an experiment. */
type Terms = {
	readonly experiment: {readonly name: string; readonly hash: string};
	/** Digest of the requests that are simulated. */
	readonly scheduleHash: string;
	/** Hashes of the records that the experiment's models were fitted to. */
	readonly calibration: readonly string[];
};

/** Whether a record may judge its experiment; the reason why not follows the record's name. */
export type RecordStanding =
	| {readonly role: 'judge'}
	/** The models were fitted to it: it shows how well they fit, and proves nothing. */
	| {readonly role: 'calibration'; readonly reason: string}
	| {readonly role: 'refused'; readonly reason: string};

/** Standing of a measured record in the comparison of its experiment. */
export function recordStandingOf(recording: Recording, {experiment, scheduleHash, calibration}: Terms): RecordStanding {
	const {head} = recording;
	const refused = (reason: string) => ({role: 'refused' as const, reason});
	if (head.experiment.hash !== experiment.hash) {
		return refused(
			`is of another experiment (hash ${short(head.experiment.hash)} instead of ${short(experiment.hash)})`,
		);
	}

	if (!head.validity.valid) {
		return refused(`failed its own validity check: ${head.validity.reasons.join('; ')}`);
	}

	if (head.scheduleHash !== scheduleHash) {
		return refused(
			`was replayed with other requests (schedule ${short(head.scheduleHash)} instead of ${short(scheduleHash)})`,
		);
	}

	return calibration.includes(recordHash(recording))
		? {role: 'calibration', reason: 'was used to calibrate the models'}
		: {role: 'judge'};
}

/** Whether a head belongs to an experiment's measured records; or to its emulated ones. */
export function isMeasuredOf(
	head: RecordHead,
	{hash}: {readonly hash: string},
	engine: Exclude<RecordHead['engine'], 'simulated'> = 'measured',
): boolean {
	return head.engine === engine && head.experiment.hash === hash;
}

function short(hash: string): string {
	return hash.slice(0, 12);
}
