import type {RecordHead, Recording} from '../records/record.ts';
import {recordHash} from '../records/record-hash.ts';

/** What a measured record has to be to judge an experiment. */
export type Terms = {
	readonly experiment: {readonly name: string; readonly hash: string};
	/** Digest of the requests that the simulator plays. */
	readonly scheduleHash: string;
	/** Hashes of the records that the experiment's models were fitted to. */
	readonly calibration: readonly string[];
};

/**
 * Why a record may not judge its experiment; nothing when it may.
 *
 * @returns words that follow the record's name
 */
export function refusal(recording: Recording, {experiment, scheduleHash, calibration}: Terms): string | undefined {
	const {head} = recording;
	if (head.experiment.hash !== experiment.hash) {
		return `is of another experiment (hash ${short(head.experiment.hash)} instead of ${short(experiment.hash)})`;
	}

	if (!head.validity.valid) {
		return `failed its own validity check: ${head.validity.reasons.join('; ')}`;
	}

	if (head.scheduleHash !== scheduleHash) {
		return `was played with other requests (schedule ${short(head.scheduleHash)} instead of ${short(scheduleHash)})`;
	}

	return calibration.includes(recordHash(recording)) ? 'was used to calibrate the models' : undefined;
}

/** Whether a head belongs to an experiment's measured records. */
export function isMeasuredOf(head: RecordHead, {hash}: {readonly hash: string}): boolean {
	return head.engine === 'measured' && head.experiment.hash === hash;
}

function short(hash: string): string {
	return hash.slice(0, 12);
}
