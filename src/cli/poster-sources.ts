import {join} from 'node:path';
import {readRecord} from '../files/read-record.ts';
import {writeForecast} from '../files/write-forecast.ts';
import type {Recording} from '../records/record.ts';
import {recordHash} from '../records/record-hash.ts';
import type {FreshRecord} from './poster-evidence.ts';
import {outputFolders} from './read-experiments.ts';
import {version} from './version.ts';

/** A record that figures of the poster come from. */
export type PosterSource = {
	readonly folder: string;
	readonly hash: string;
	readonly engine: 'simulated' | 'measured';
	readonly seed: number;
	readonly versions: Readonly<Record<string, string>>;
};

/** Those that were there. */
export async function posterSources(folders: readonly string[]): Promise<PosterSource[]> {
	return Promise.all(folders.map(async folder => sourceOf(folder, await readRecord(folder))));
}

/** Keeps what was simulated for the poster beside it. */
export function keepFresh(fresh: readonly FreshRecord[], out: string): PosterSource[] {
	return fresh.map(({subject: {experiment, simulated}, recording: {head, tables}}) => {
		const versions = {...head.versions, replicast: version()};
		const recording = {head: {...head, versions}, tables};
		const [folder = ''] = outputFolders([experiment]);
		const target = writeForecast(join(out, 'records'), {
			folder,
			recordings: {dynamic: recording},
			files: {'summary.json': `${JSON.stringify(simulated, null, '\t')}\n`},
		});
		return sourceOf(join(target, 'dynamic'), recording);
	});
}

function sourceOf(folder: string, recording: Recording): PosterSource {
	const {engine, seed, versions} = recording.head;
	return {folder, hash: recordHash(recording), engine, seed, versions};
}
