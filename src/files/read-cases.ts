import {createReadStream, readFileSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import {isNode, LineCounter, parseDocument} from 'yaml';
import {DecideCase} from '../kubernetes/decide-case.ts';
import {faultsOf} from '../kubernetes/faults.ts';
import {asFileFault, withFileFaults} from './file-faults.ts';

/** A case that was read, or what is wrong with it: lines for standard error, each with its position. */
export type ReadCase = {readonly given: DecideCase} | {readonly faults: readonly string[]};

const standardInput = '-';

/** One case in YAML or JSON. Without a path, or with `-`, from standard input. */
export async function readCase(path: string = standardInput): Promise<ReadCase> {
	const content =
		path === standardInput ? await text(process.stdin) : withFileFaults(path, () => readFileSync(path, 'utf8'));
	const lines = new LineCounter();
	const document = parseDocument(content, {lineCounter: lines, prettyErrors: false});
	const at = (offset: number | undefined) => {
		const {line, col} = lines.linePos(offset ?? 0);
		return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
	};

	const [broken] = document.errors;
	if (broken) {
		return {faults: [`${at(broken.pos[0])}: Expected YAML or JSON, got ${firstLine(broken.message)}`]};
	}

	let value: unknown;
	try {
		value = document.toJS();
	} catch (error) {
		return {faults: [`${at(0)}: Expected YAML or JSON, got ${firstLine((error as Error).message)}`]};
	}

	const checked = DecideCase.safeParse(value);
	return checked.success
		? {given: checked.data}
		: {
				faults: faultsOf(checked.error, value, 'case').map(
					fault => `${at(offsetOf(document, fault.path))}: ${fault.message}`,
				),
			};
}

/** Cases in JSON, one a line; empty lines are passed over. One fault a line is told. */
export async function* readCaseLines(path: string = standardInput): AsyncGenerator<ReadCase> {
	const stream = path === standardInput ? process.stdin : createReadStream(path, 'utf8');
	const lines = createInterface({input: stream, crlfDelay: Number.POSITIVE_INFINITY});
	let number = 0;
	try {
		for await (const line of lines) {
			number++;
			if (line.trim() !== '') {
				yield readLine(line, `${path}:${number}`);
			}
		}
	} catch (error) {
		throw asFileFault(path, error);
	}
}

function readLine(line: string, at: string): ReadCase {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch (error) {
		return {faults: [`${at}:1: Expected a case in JSON, got ${firstLine((error as Error).message)}`]};
	}

	const checked = DecideCase.safeParse(value);
	if (checked.success) {
		return {given: checked.data};
	}

	const [first, ...more] = faultsOf(checked.error, value, 'case');
	return {faults: [`${at}:1: ${first!.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`]};
}

// Where a key's value stands, or the nearest thing round it.
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number | undefined {
	for (let length = path.length; length >= 0; length--) {
		const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
		if (isNode(node) && node.range) {
			return node.range[0];
		}
	}

	return undefined;
}

function firstLine(message: string): string {
	return message.split('\n', 1)[0] ?? message;
}
