import type {RecordEvidence} from '../../comparison/validation/validation.ts';
import {recordHash} from '../../records/record-hash.ts';
import {readMeasuredAt} from '../../store/records/find-records.ts';
import type {AdmittedRecord} from '../comparison-sides.ts';

/** A record as a validation names it. */
export async function recordEvidence({recorded: {name, recording}, standing}: AdmittedRecord): Promise<RecordEvidence> {
	const {arm, replication} = recording.head;
	const measuredAt = await readMeasuredAt(name);
	return {
		folder: name,
		hash: recordHash(recording),
		arm,
		repeat: replication,
		measuredAt: measuredAt ?? null,
		standing,
	};
}
