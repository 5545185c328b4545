import type {RecordHead} from '../../records/record.ts';

/** Kind of the records of one side of a comparison: `measured`, or `emulated` where no pod was real. */
export function recordKind(
	records: readonly {readonly recording: {readonly head: Pick<RecordHead, 'engine'>}}[],
): string {
	return records[0]?.recording.head.engine ?? 'measured';
}
