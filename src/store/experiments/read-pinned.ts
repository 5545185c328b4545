import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Experiment, PinnedFile} from '../../experiment/experiment.ts';
import {resolvedDigest} from '../../experiment/experiment-hash.ts';
import type {RunProvenance} from '../../records/provenance.ts';
import {packageRoot} from '../disk/package.ts';
import {UnreadableError} from '../disk/read-text.ts';
import {parseYaml} from '../yaml/parse-yaml.ts';
import {faultTexts, plainValue} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import {checkExperiment} from './check-experiment.ts';
import {pinFile, pinTrace, tableKind} from './pin-files.ts';

/**
 * The experiment that a provenance holds, exactly as it was simulated.
 *
 * @param path - file with the provenance, for faults
 * @throws {UserError} with one line that names the file which differs or is missing, E_CONFIG where the provenance
 *   holds no experiment or another one than it names
 */
export async function readPinnedExperiment(path: string, provenance: RunProvenance): Promise<Experiment> {
	const {document, profile, set, files, resolved} = provenance;
	if (document === undefined) {
		throw new UserError('E_CONFIG', `${path}: Expected an experiment in the provenance, got none`);
	}

	const {tree, faults: syntax} = parseYaml(document, path);
	if (tree === undefined || syntax.length > 0) {
		throw new UserError(
			'E_CONFIG',
			`${path}: Expected provenance.document to be an experiment in JSON, got something else`,
		);
	}

	const value = plainValue(tree);
	const trace = files.find(({kind}) => kind === 'Trace');
	if (trace !== undefined) {
		await refuseOtherTrace(traceFileOf(value), trace);
	}

	const checked = await checkExperiment(treeOfValue(value, {file: path}), {profile});
	if ('faults' in checked) {
		throw new UserError('E_CONFIG', faultTexts(checked.faults));
	}

	const pinned = files.filter(({kind}) => kind === tableKind);
	for (const [index, {path: table, sha256}] of checked.tables.entries()) {
		refuseOther(table, {kind: 'table', expected: pinned[index]?.sha256 ?? '', found: sha256});
	}

	if (resolvedDigest(checked.experiment) !== resolved) {
		const got = 'one with another digest: it was changed after it was read, or the file was edited';
		throw new UserError(
			'E_CONFIG',
			`${path}: Expected provenance.document to be the experiment that was simulated, got ${got}`,
		);
	}

	return {...checked.experiment, origin: {files, set, document: value}};
}

function traceFileOf(document: unknown): string {
	const {workload} = document as {workload?: {arrivals?: {file?: unknown}}};
	const file = workload?.arrivals?.file;
	return typeof file === 'string' ? file : '';
}

async function refuseOtherTrace(path: string, {sha256}: PinnedFile): Promise<void> {
	const found = await orRefuse(path, 'trace', async () => pinTrace(path));
	refuseOther(path, {kind: 'trace', expected: sha256, found});
}

/**
 * Paths of the price books of a provenance.
 *
 * @throws {UserError} E_FILE with one line that names the one which differs or is missing
 */
export async function findPriceBooks(books: readonly PinnedFile[]): Promise<string[]> {
	const paths: string[] = [];
	for (const {file, sha256} of books) {
		const path = file.startsWith('replicast/') ? join(packageRoot(), file.slice('replicast/'.length)) : file;
		const found = await orRefuse(path, 'price book', async () => (await pinFile(path, {kind: 'PriceBook'})).sha256);
		refuseOther(path, {kind: 'price book', expected: sha256, found});
		paths.push(path);
	}

	return paths;
}

async function orRefuse(path: string, kind: string, read: () => Promise<string>): Promise<string> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw new UserError('E_FILE', `${path}: Expected the ${kind} that was simulated, got ${error.message}`, {
				cause: error,
			});
		}

		throw error;
	}
}

type Digests = {readonly kind: string; readonly expected: string; readonly found: string};

function refuseOther(path: string, {kind, expected, found}: Digests): void {
	if (found !== expected) {
		const digests = `sha256 ${expected.slice(0, 12)}…, got ${found.slice(0, 12)}…`;
		throw new UserError('E_FILE', `${path}: Expected the ${kind} that was simulated, ${digests}`);
	}
}
