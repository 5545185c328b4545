import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Arm, Recording} from '../../records/record.ts';
import {arms, refuseForeignFolder} from '../disk/refuse-unwritable.ts';
import {moveIntoPlace, retire, writeAside} from '../disk/write-atomically.ts';
import {writeRecordFiles} from './write-record.ts';

/** Output of a run of one experiment on disk. */
export type Forecast = {
	/** Name of its folder. */
	readonly folder: string;
	/** Content by name; undefined: a file of that name goes. */
	readonly files: Readonly<Record<string, string | undefined>>;
	readonly recordings: {readonly [arm in Arm]?: Recording};
};

/**
 * Writes the files and records of one experiment into its folder under `out`. All of it is written aside first;
 * then each piece is moved into place. Other files in the folder stay; a record of an arm that is no more goes.
 *
 * @returns the folder
 * @throws {UserError} E_FILE when the disk refuses, or something other than a record stands where one has to be
 */
export function writeForecast(out: string, {folder, files, recordings}: Forecast): string {
	const target = join(out, folder);
	writeAside(out, aside => {
		const fresh = join(aside, 'fresh');
		mkdirSync(fresh);
		for (const [name, content] of Object.entries(files)) {
			if (content !== undefined) {
				writeFileSync(join(fresh, name), content);
			}
		}

		for (const arm of arms) {
			const recording = recordings[arm];
			if (recording !== undefined) {
				writeRecordFiles(join(fresh, arm), recording);
			}
		}

		publish({fresh, target, aside, files: Object.keys(files)});
	});
	return target;
}

function publish(paths: {fresh: string; target: string; aside: string; files: readonly string[]}): void {
	const {fresh, target, aside, files} = paths;
	for (const arm of arms) {
		refuseForeignFolder(join(target, arm));
		if (existsSync(join(fresh, arm))) {
			moveIntoPlace(join(fresh, arm), join(target, arm), aside);
		} else {
			retire(join(target, arm), aside);
		}
	}

	for (const name of files) {
		if (existsSync(join(fresh, name))) {
			moveIntoPlace(join(fresh, name), join(target, name), aside);
		} else {
			retire(join(target, name), aside);
		}
	}
}
