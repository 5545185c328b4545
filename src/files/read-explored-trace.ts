import {UserError} from '../errors.ts';
import type {ExploredTrace} from '../explorer/explored.ts';
import {type ReadOptions, readPreparedTree} from './read-experiment.ts';
import {traceArrivals} from './trace-arrivals.ts';

/** Requests of a trace beyond which a page would be too large to open. */
const mostRequests = 200_000;

/**
 * The whole trace of an experiment that can be read, for a page that bends it anew; nothing where there is none.
 *
 * @throws {UserError} E_CONFIG when it is too long for a page
 */
export async function readExploredTrace(path: string, options: ReadOptions): Promise<ExploredTrace | undefined> {
	const tree = await readPreparedTree(path, options);
	const trace = tree && traceArrivals(tree);
	if (trace === undefined) {
		return undefined;
	}

	const {at, promptTokens, outputTokens, conversation} = await trace.read();
	if (at.length > mostRequests) {
		const rule = `a trace of at most ${mostRequests} requests, for it is put into the page`;
		throw new UserError('E_CONFIG', `Expected ${trace.file} to be ${rule}, got ${at.length}`);
	}

	const columns = {
		at: [...at],
		promptTokens: [...promptTokens],
		outputTokens: [...outputTokens],
		...(conversation && {conversation: [...conversation]}),
	};
	return {columns, transform: trace.transform};
}
