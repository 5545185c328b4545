import {dirname, isAbsolute, join} from 'node:path';
import type {RatePoint} from '../../experiment/experiment.ts';
import type {RecordedReplicas} from '../../experiment/recordings/recorded-replicas.ts';
import {readPinnedText} from '../disk/read-text.ts';
import {type ParsedManifests, parseManifests} from '../manifests/parse-manifests.ts';
import {type ParsedYaml, parseYaml} from '../yaml/parse-yaml.ts';
import type {Source} from '../yaml/source-tree.ts';
import type {ReadTable} from './number-table.ts';
import {readRates, readRecorded} from './read-rates.ts';

/** Largest YAML file that is read [bytes]. */
export const largestYaml = 1 << 20;

/** Files that references name, each read and parsed once however many profiles name it. */
export class ReferencedFiles {
	readonly #parsed = new Map<string, Promise<ParsedYaml>>();
	readonly #manifests = new Map<string, Promise<ParsedManifests>>();
	readonly #rates = new Map<string, Promise<ReadTable<RatePoint>>>();
	readonly #recorded = new Map<string, Promise<ReadTable<RecordedReplicas[number]>>>();
	readonly #digests = new Map<string, string>();

	/** @throws {UnreadableError} when the file cannot be read */
	async parse(file: string): Promise<ParsedYaml> {
		const parsed = this.#parsed.get(file) ?? this.#read(file).then(text => parseYaml(text, file, {quotes: false}));
		this.#parsed.set(file, parsed);
		return parsed;
	}

	/** The objects of a file of Kubernetes manifests. @throws {UnreadableError} when the file cannot be read */
	async manifests(file: string): Promise<ParsedManifests> {
		const parsed =
			this.#manifests.get(file) ?? this.#read(file).then(text => parseManifests(text, file, {quotes: false}));
		this.#manifests.set(file, parsed);
		return parsed;
	}

	/** The points of a table of arrival rates. @throws {UnreadableError} when the file cannot be read */
	async rates(file: string): Promise<ReadTable<RatePoint>> {
		const read = this.#rates.get(file) ?? readRates(file);
		this.#rates.set(file, read);
		return read;
	}

	/** The rows of a table of recorded replicas. @throws {UnreadableError} when the file cannot be read */
	async recorded(file: string): Promise<ReadTable<RecordedReplicas[number]>> {
		const read = this.#recorded.get(file) ?? readRecorded(file);
		this.#recorded.set(file, read);
		return read;
	}

	/** SHA-256 in hex of each YAML file that was read, by its path. */
	get digests(): ReadonlyMap<string, string> {
		return this.#digests;
	}

	async #read(file: string): Promise<string> {
		const {text, sha256} = await readPinnedText(file, largestYaml);
		this.#digests.set(file, sha256);
		return text;
	}
}

/** A path is relative to the file that it stands in; one of an option, to the working directory. */
export function resolvePath(path: string, {file, line}: Source): string {
	return isAbsolute(path) ? path : line === undefined ? path : join(dirname(file), path);
}
