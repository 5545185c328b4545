import type {ManifestContainer} from '../../manifests/manifest-containers.ts';

/** Assumptions on a server of which nothing was measured. */
type AssumedServer = {
	/** Requests that a pod serves at a time, and what says so. */
	readonly concurrency: {readonly value: number; readonly source: string};
	/** Cores that a pod uses at most, and what says so. */
	readonly threads: {readonly value: number; readonly source: string};
	/** Memory of a pod that serves nothing [bytes], and what says so. */
	readonly memory: {readonly value: number; readonly source: string};
};

/** Day on which these assumptions were written down. */
const date = '2026-11-29';

/** Server model inline in an experiment, each coefficient with what it was taken from. */
export function serverDocument({concurrency, threads, memory}: AssumedServer) {
	return {
		apiVersion: 'replicast/v1',
		kind: 'ServerModel',
		name: 'assumed-server',
		status: 'uncalibrated',
		date,
		notes: 'Nothing here was measured: put in what is known of the server.',
		concurrency: {value: concurrency.value, unit: 'requests', source: concurrency.source},
		threads: {value: threads.value, unit: 'threads', source: threads.source},
		perRequest: {value: 0, unit: 'CPU s', source: 'Part of cpuSeconds.'},
		idleCpu: {value: 0.001, unit: 'cores', source: 'Assumed.'},
		memory: {
			idle: {value: memory.value, unit: 'bytes', source: memory.source},
			perRequest: {value: 65_536, unit: 'bytes', source: 'Assumed, 64 KiB of buffers for a connection.'},
		},
	};
}

/** Requests that one of many servers takes at a time. @see Tomcat 10.1, maxThreads of the HTTP connector: 200 */
const manyRequests = 200;

/**
 * Requests that a pod serves at a time: workers times threads where its command is Gunicorn's, else as many as Tomcat.
 *
 * @see Gunicorn 23 settings: workers 1 and threads 1 when left out
 */
export function concurrencyOf(container: ManifestContainer | undefined): AssumedServer['concurrency'] {
	const words = (container?.words ?? []).flatMap(word => word.split(/[\s=]+/));
	if (!words.some(word => /(?:^|\/)gunicorn$/.test(word))) {
		return {
			value: manyRequests,
			source:
				'Assumed, as many as Tomcat has threads. Gunicorn: workers times threads; Node.js, Go: many, they share its cores.',
		};
	}

	const [workers, threads] = [numberAfter(words, '--workers', '-w'), numberAfter(words, '--threads')];
	return {
		value: Math.min(1024, workers * threads),
		source: `Gunicorn's workers times threads in the manifest's command, ${workers} times ${threads}.`,
	};
}

function numberAfter(words: readonly string[], ...names: readonly string[]): number {
	const index = words.findIndex(word => names.includes(word));
	const value = index === -1 ? 1 : Number(words[index + 1]);
	return Number.isInteger(value) && value >= 1 && value <= 1024 ? value : 1;
}
