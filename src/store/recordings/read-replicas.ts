import {UserError} from '../../errors.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {isKubectlWatch, readKubectlWatch} from './sources/kubectl-watch.ts';
import {readPrometheusRange} from './sources/prometheus-range.ts';
import {readReplicaCsv} from './sources/replica-csv.ts';
import type {ReplicaRow, ReplicaSource} from './sources/replica-rows.ts';

/** Largest file of replicas [bytes]. */
const largestFile = 1 << 27;

/** Longest text of a fault, which may hold names out of the file [characters]. */
const longestFault = 1000;

/**
 * Reads the replicas of an autoscaler over time from a file that people have: a CSV, the output of `kubectl get hpa -w`, or
 * the answer of Prometheus to a range query.
 *
 * @throws {UserError} in one line: E_FILE for a file that cannot be read, E_CONFIG for its contents
 */
export async function readReplicas(path: string): Promise<ReplicaSource> {
	try {
		const text = await readText(path, largestFile);
		const source = sourceOf(text);
		if (!source.rows.some(isCounted)) {
			throw new RangeError('1:1: Expected a row with a time and replicas, got none');
		}

		const strange = source.rows.find(({desired}) => desired < 0 || desired > 1e6 || desired % 1 > 0);
		if (strange !== undefined) {
			throw new RangeError(`1:1: Expected numbers of replicas, got ${strange.desired}`);
		}

		return source;
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw error.asFault(path, 'a file of replicas over time');
		}

		if (error instanceof RangeError) {
			const fault = error.message.length > longestFault ? `${error.message.slice(0, longestFault)}…` : error.message;
			throw new UserError('E_CONFIG', `${path}:${fault}`, {cause: error});
		}

		throw error;
	}
}

function sourceOf(text: string): ReplicaSource {
	if (/^\s*[{[]/.test(text)) {
		return readPrometheusRange(text);
	}

	return isKubectlWatch(text) ? readKubectlWatch(text) : readReplicaCsv(text);
}

function isCounted({at, desired}: ReplicaRow): boolean {
	return !Number.isNaN(at) && !Number.isNaN(desired);
}
