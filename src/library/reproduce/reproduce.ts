import {existsSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {UserError} from '../../errors.ts';
import {type Summary, summaryForm} from '../../forecast/summary.ts';
import type {RunProvenance} from '../../records/provenance.ts';
import {type RecordHead, recordFile} from '../../records/record.ts';
import {program} from '../../store/disk/package.ts';
import {makeScratch} from '../../store/disk/write-atomically.ts';
import {findPriceBooks, readPinnedExperiment} from '../../store/experiments/read-pinned.ts';
import {readJson} from '../../store/records/read-record.ts';
import {type ForecastOptions, forecastAll} from '../forecast.ts';
import {differingKeys} from './differing-keys.ts';

/** Result of simulating again. */
type Reproduction = {
	/** File of the result that was simulated again. */
	readonly file: string;
	/** Whether every byte came out again. */
	readonly same: boolean;
	/** Names of the experiments. */
	readonly experiments: readonly string[];
	/** First differences, each a key of the file with its two values, or the name of a table. */
	readonly differences: readonly string[];
	/** Program that made the file, and this one. */
	readonly made: RunProvenance['replicast'];
	readonly now: RunProvenance['replicast'];
};

/**
 * Simulates a result again from what it holds, and compares every byte.
 *
 * @param path - `record.json`, `summary.json` or output of `run --json`, or the folder of a record or a forecast
 * @throws {UserError} with one line: E_FILE when the file is no such result, was made by another version, or names a
 *   trace or price book that differs or is missing
 */
export async function reproduce(path: string, options: ForecastOptions = {}): Promise<Reproduction> {
	const file = fileAt(path);
	const given = readJson(file);
	const record = recordFile.safeParse(given);
	const results = record.success ? [] : summariesIn(file, given);
	const [provenance] = (record.success ? [record.data] : results).map(result => checkedProvenance(file, result));
	const found = record.success
		? await recordAgain(file, record.data, options)
		: await summariesAgain(file, {given, results}, options);
	const experiments = record.success ? [record.data.experiment.name] : results.map(({experiment}) => experiment);
	const {replicast: made} = provenance!;
	return {file, same: found.length === 0, experiments, differences: found, made, now: program()};
}

function fileAt(path: string): string {
	const inside = ['record.json', 'summary.json'].map(name => join(path, name));
	const file = existsSync(path) && statSync(path).isDirectory() ? inside.find(name => existsSync(name)) : path;
	if (file === undefined || !existsSync(file)) {
		throw new UserError(
			'E_FILE',
			`${path}: Expected a record or a summary of replicast run, got ${existsSync(path) ? 'a folder without one' : 'no such file'}`,
		);
	}

	return file;
}

function summariesIn(file: string, given: unknown): Summary[] {
	const list = Array.isArray(given) ? given : [given];
	const parsed = list.map(item => summaryForm.safeParse(item));
	if (list.length === 0 || parsed.some(({success}) => !success)) {
		const kind = (given as {kind?: unknown} | null)?.kind;
		const got = typeof kind === 'string' ? `a file of kind ${kind.slice(0, 40)}` : 'something else';
		throw new UserError('E_FILE', `${file}: Expected a record or a summary of replicast run, got ${got}`);
	}

	return parsed.flatMap(({data}) => data ?? []);
}

function checkedProvenance(file: string, result: Summary | RecordHead): RunProvenance {
	const {provenance} = result;
	if ('engine' in result && result.engine === 'measured') {
		throw new UserError('E_FILE', `${file}: Expected a simulated record, got a measured one`);
	}

	if (provenance === undefined) {
		const got = 'one without: it was imported, or made by an earlier release';
		throw new UserError('E_FILE', `${file}: Expected a result with its provenance, got ${got}`);
	}

	const {version} = program();
	if (provenance.replicast.version !== version) {
		const made = provenance.replicast.version;
		throw new UserError('E_FILE', `${file}: Expected a result of replicast ${version}, got one of ${made}`);
	}

	return provenance;
}

async function summariesAgain(
	file: string,
	{given, results}: {readonly given: unknown; readonly results: readonly Summary[]},
	options: ForecastOptions,
): Promise<string[]> {
	const again: unknown[] = [];
	for (const {provenance, economics, prediction, answer} of results) {
		const experiment = await readPinnedExperiment(file, provenance!);
		const priceBooks = await findPriceBooks(provenance!.priceBooks ?? []);
		const baselines = economics.against.some(({baseline}) => baseline !== 'fixed');
		const predictionRuns = prediction === undefined ? 0 : prediction.isDrawn ? prediction.runs : 'where short';
		const out = makeScratch();
		const wanted = {...options, out, baselines, predictionRuns, priceBooks} as const;
		try {
			for await (const {summary} of forecastAll([experiment], wanted)) {
				const known = answer.tuned === undefined ? {} : {tuned: answer.tuned}; // of a tuning, which is not simulated here
				const answered = {...summary.answer, ...known};
				again.push({
					...summary,
					answer: answered,
					provenance: {...summary.provenance, replicast: provenance!.replicast},
				});
			}
		} finally {
			rmSync(out, {recursive: true, force: true});
		}
	}

	const text = `${JSON.stringify(Array.isArray(given) ? again : again[0], null, '\t')}\n`;
	return differences(readFileSync(file, 'utf8'), text);
}

/** Replication 0 alone: the record is of no other. */
async function recordAgain(file: string, head: RecordHead, options: ForecastOptions): Promise<string[]> {
	const provenance = head.provenance!;
	const experiment = {...(await readPinnedExperiment(file, provenance)), replications: 1};
	const out = makeScratch();
	try {
		const wanted = {...options, out, baselines: false, predictionRuns: 0, priceBooks: []};
		for await (const {target} of forecastAll([experiment], wanted)) {
			const folder = join(target, head.arm);
			const fresh = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as RecordHead;
			const text = `${JSON.stringify({...fresh, provenance}, null, '\t')}\n`;
			const tables = readdirSync(folder).filter(name => name.endsWith('.parquet'));
			const others = tables.filter(name => !isSameFile(join(dirname(file), name), join(folder, name)));
			return [...differences(readFileSync(file, 'utf8'), text), ...others.map(name => `the table ${name}`)];
		}
	} finally {
		rmSync(out, {recursive: true, force: true});
	}

	return [];
}

function isSameFile(given: string, fresh: string): boolean {
	return existsSync(given) && readFileSync(given).equals(readFileSync(fresh));
}

function differences(given: string, again: string): string[] {
	if (given === again) {
		return [];
	}

	const keys = differingKeys(JSON.parse(given), JSON.parse(again));
	return keys.length === 0 ? ['the layout of the text alone'] : keys;
}
