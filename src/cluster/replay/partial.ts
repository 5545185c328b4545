import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {UserError} from '../../errors.ts';
import {isRunning} from '../../store/disk/stale-folders.ts';
import {measuredRecord, type Replayed} from '../measured/measured-record.ts';
import {readJournal} from '../observe/journal.ts';
import {keepMeasured} from './keep-measured.ts';
import type {ReplayRun} from './replay-run.ts';

/**
 * While a replay runs, its journal is in a hidden folder beside the record-to-be. A replay that is killed leaves it
 * there, and the next one makes the record of an interrupted replay of it.
 */

type Head = Omit<Replayed, 'experiment' | 'arm' | 'repeat'> & {readonly hash: string; readonly process: number};

/** Makes an empty folder. */
export function openPartial(folder: string, {experiment, engine, versions, models, notes}: Replayed): string {
	const partial = partialOf(folder);
	rmSync(partial, {recursive: true, force: true});
	mkdirSync(partial, {recursive: true});
	const head: Head = {
		hash: experiment.hash,
		process: process.pid,
		...(engine && {engine}),
		versions,
		models,
		...(notes && {notes}),
	};
	writeFileSync(join(partial, 'head.json'), JSON.stringify(head));
	return join(partial, 'journal.ndjson');
}

export function removePartial(folder: string): void {
	rmSync(partialOf(folder), {recursive: true, force: true});
}

/**
 * Makes a record of what a killed replay left, unless a better one is there.
 *
 * @returns whether it was worth keeping
 * @throws {UserError} E_USAGE when the replay is still running
 */
export function rescuePartial(folder: string, run: ReplayRun): boolean {
	const partial = partialOf(folder);
	const path = join(partial, 'head.json');
	if (!existsSync(path)) {
		return false;
	}

	const head = headIn(path);
	if (head === undefined) {
		rmSync(partial, {recursive: true, force: true});
		return false;
	}

	const {hash, process: owner, ...described} = head;
	if (owner !== process.pid && isRunning(owner)) {
		throw new UserError('E_USAGE', `Expected no other replay to write to ${folder}, got one: process ${owner}`);
	}

	const journal = join(partial, 'journal.ndjson');
	const entries = existsSync(journal) ? readJournal(journal) : [];
	const isWorthIt = hash === run.experiment.hash && entries.some(({type}) => type === 'start');
	const isKept = isWorthIt && keepMeasured(folder, measuredRecord(entries, {...run, ...described}));

	rmSync(partial, {recursive: true, force: true});
	return isKept;
}

/** Reads the head; undefined when the replay was killed while it wrote the head: then nothing was measured yet. */
function headIn(path: string): Head | undefined {
	try {
		return JSON.parse(readFileSync(path, 'utf8')) as Head;
	} catch {
		return undefined;
	}
}

function partialOf(folder: string): string {
	return join(dirname(folder), `.${basename(folder)}.partial`);
}
