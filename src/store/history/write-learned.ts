import {writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {kubectlYaml, yamlText} from '../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Recording} from '../../records/record.ts';
import {makeFolders, writeAsideForLong, writeFresh} from '../disk/write-atomically.ts';
import {moveNewIntoPlace, refusePresent} from '../disk/write-new.ts';
import {readExperiment} from '../experiments/read-experiment.ts';
import {writeRecordFiles} from '../records/write-record.ts';

/** Files of an experiment that was learnt from a history. */
export type LearnedContents = {
	/** Text of each table by its name. */
	readonly tables: Readonly<Record<string, string>>;
	/** Each document by the name of its file: models and manifests. */
	readonly documents: Readonly<Record<string, unknown>>;
	/** Name of the experiment's file, the forms that it may have, the best first, and lines above it. */
	readonly experiment: {readonly file: string; readonly forms: readonly unknown[]; readonly head: readonly string[]};
	/** Name of the record's folder, and the record for the experiment as it is read. */
	readonly record: {readonly folder: string; readonly of: (experiment: Experiment) => Recording};
};

const advice = ': name another folder with --out';

/**
 * Refuses a folder that holds the experiment's file already.
 *
 * @throws {UserError} E_FILE with its path
 */
export function refuseLearned(folder: string, file: string): void {
	refusePresent(join(folder, file), advice);
}

/**
 * Writes an experiment that was learnt, after it was read from aside as every command reads it. Nothing is overwritten; its
 * own file is moved into place last.
 *
 * @returns the experiment, and the number of its form that could be read
 * @throws {UserError} E_CONFIG with the faults of the last form where no form can be read, E_FILE when a file with other
 *   content is there, or the disk refuses
 */
export async function writeLearned(
	folder: string,
	{tables, documents, experiment: {file, forms, head}, record}: LearnedContents,
): Promise<{readonly experiment: Experiment; readonly form: number}> {
	let written: {readonly experiment: Experiment; readonly form: number} | undefined;
	await writeAsideForLong(folder, async aside => {
		const texts = {
			...tables,
			...Object.fromEntries(
				Object.entries(documents).map(([name, document]) => [name, yamlText(document, {lineWidth: 100})]),
			),
		};
		const fresh = writeFresh(aside, texts);
		written = await firstReadable(join(fresh, file), forms, head);
		writeRecordFiles(join(fresh, record.folder), record.of(written.experiment));
		makeFolders(folder);
		moveNewIntoPlace(fresh, folder, {names: [...Object.keys(texts), record.folder, file], aside, advice});
	});
	return written!;
}

async function firstReadable(path: string, forms: readonly unknown[], head: readonly string[]) {
	let fault: unknown;
	for (const [form, document] of forms.entries()) {
		writeFileSync(path, kubectlYaml(document, head));
		try {
			return {experiment: await readExperiment(path), form};
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			fault = new UserError(error.code, error.message.replaceAll(`${dirname(path)}/`, ''), {cause: error});
		}
	}

	throw fault;
}
