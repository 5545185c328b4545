import {dirname} from 'node:path';
import {withFileFaults} from '../../store/disk/file-faults.ts';
import {makeFolders} from '../../store/disk/write-atomically.ts';
import {measuredRecord, type Replayed} from '../measured/measured-record.ts';
import {Journal} from '../observe/journal.ts';
import {keepMeasured} from './keep-measured.ts';
import {openPartial, removePartial} from './partial.ts';
import type {OnStepProgress} from './step.ts';

type Keeping = {
	/** Ends the run early. */
	readonly signal: AbortSignal;
	readonly onProgress: OnStepProgress;
	/** Replays the run, and writes everything that is seen into the journal. */
	readonly replay: (journal: Journal, signal: AbortSignal) => Promise<void>;
};

/**
 * Keeps the journal of a run while it is replayed, and makes of it the record in `folder`, even when the run breaks off.
 * A journal that no record could be made of stays for the next replay.
 *
 * @throws {UserError} E_FILE when the disk refuses, as soon as it does
 */
export async function keepJournal(
	folder: string,
	replayed: Replayed,
	{signal, onProgress, replay}: Keeping,
): Promise<void> {
	const journal = withFileFaults(folder, () => {
		makeFolders(dirname(folder));
		return new Journal(openPartial(folder, replayed));
	});
	onProgress({doing: `${folder}:`, isOver: true});
	try {
		await replay(journal, AbortSignal.any([signal, journal.broken]));
	} finally {
		journal.close();
		if (journal.entries.some(({type}) => type === 'start')) {
			const measured = measuredRecord(journal.entries, replayed);
			const isKept = keepMeasured(folder, measured);
			const {valid, reasons} = measured.recording.head.validity;
			const verdict = valid ? 'valid' : `INVALID: ${reasons.join('; ')}`;
			const detail = `${verdict}${isKept ? '' : '; the whole record that is there stays'}`;
			onProgress({doing: folder, detail, isOver: true});
		}

		removePartial(folder);
	}

	journal.broken.throwIfAborted();
}
