import {existsSync, readFileSync} from 'node:fs';
import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import {yamlText} from '../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../errors.ts';
import {fileSchemas} from '../../experiment/json-schemas.ts';
import {withFileFaults} from '../disk/file-faults.ts';
import {writeFileAtomically} from '../disk/write-atomically.ts';

/** Kinds of files that are fitted, by the name of their schema. */
const schemas = {
	ServiceModel: 'service-model',
	StartupModel: 'startup-model',
	MetricsModel: 'metrics-model',
	EngineModel: 'engine-model',
	RecordingSettings: 'recording-settings',
} as const;

type FittedKind = keyof typeof schemas;

const mark = '# Written by replicast calibrate. Digest of what follows: ';

/**
 * Writes a fitted model as YAML, checked against its schema.
 *
 * @param document - plain values, `kind` among them
 * @param options - `force`: replace a file that a person has written or changed
 * @throws {UserError} E_FILE when such a file stands at `path`, or the disk refuses
 * @throws {Error} when the document is no model
 */
export function writeModel(
	path: string,
	document: Readonly<Record<string, unknown>>,
	{force}: {readonly force: boolean},
): void {
	const schema = schemas[document['kind'] as FittedKind];
	fileSchemas[schema].parse(document);
	if (!force) {
		refuseHandWritten(path);
	}

	const body = yamlText(document, {lineWidth: 100});
	const head = `# yaml-language-server: $schema=../schemas/${schema}.schema.json\n`;
	writeFileAtomically(path, `${head}${mark}${digest(body)}\n${body}`);
}

/**
 * Refuses to replace a file that a person has written or changed.
 *
 * @throws {UserError} E_FILE when a person has written or changed the file, or it cannot be read
 */
export function refuseHandWritten(path: string): void {
	if (!existsSync(path)) {
		return;
	}

	const text = withFileFaults(path, () => readFileSync(path, 'utf8'));
	const start = text.indexOf(mark);
	const end = text.indexOf('\n', start);
	const isOurs = start !== -1 && text.slice(start + mark.length, end) === digest(text.slice(end + 1));
	if (!isOurs) {
		throw new UserError(
			'E_FILE',
			`Expected ${path} to be absent or as replicast calibrate wrote it, got a file that a person wrote or changed: --force replaces it`,
		);
	}
}

function digest(text: string): string {
	return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);
}
