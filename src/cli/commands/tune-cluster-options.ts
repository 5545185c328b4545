import process from 'node:process';
import {parseQuantity} from '../../autoscaler/quantity.ts';
import type {JobOptions, JobPlace, JobStorage} from '../../cluster/jobs/job-options.ts';
import {bucketKeys, parseBucket} from '../../cluster/jobs/pod/bucket-store.ts';
import {UserError} from '../../errors.ts';
import {oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {placeOptions} from '../terminal/place.ts';

/** Options of `replicast tune` that say where it plays, as they reach its handler. */
export type TuneClusterOptions = {
	readonly on: 'machine' | 'kubernetes';
	/** Replays need a cluster too, and say where it is in the same words. */
	readonly checkLive: boolean;
	readonly cluster: string;
	readonly context?: string;
	readonly namespace?: string;
	readonly image?: string;
	readonly shards?: number;
	readonly smallestJob?: number;
	readonly podMemory?: string;
	readonly claimSize?: string;
	readonly claimMode?: 'ReadWriteOnce' | 'ReadWriteMany';
	readonly storageClass?: string;
	readonly bucket?: string;
	readonly bucketSecret?: string;
	readonly keep: boolean;
	readonly printManifests: boolean;
};

/** What is taken where nothing is said; options without a value have no meaning on one machine. */
const defaults = {
	namespace: 'replicast',
	podMemory: '512Mi',
	claimSize: '1Gi',
	claimMode: 'ReadWriteOnce',
	smallestJob: 1,
} as const;

const quantity = (name: string) => ({
	...oneText(name),
	coerce(given: unknown): string {
		const text = oneText(name).coerce(given);
		try {
			if (parseQuantity(text) > 0) {
				return text;
			}
		} catch {
			// The rule below says what is wanted.
		}

		throw new RangeError(`Expected --${name} to be a quantity such as 512Mi, got ${JSON.stringify(text)}`);
	},
});

const word = (name: string) => ({
	...oneText(name),
	coerce(given: unknown): string {
		const text = oneText(name).coerce(given);
		if (!/^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/.test(text)) {
			throw new RangeError(`Expected --${name} to be a name of Kubernetes, got ${JSON.stringify(text)}`);
		}

		return text;
	},
});

/** The same for yargs. */
export const tuneClusterOptions = {
	on: {
		...oneOf('on', ['machine', 'kubernetes']),
		default: 'machine' as const,
		describe: 'Where runs are played: in threads of this machine, or in Indexed Jobs of a cluster',
	},
	cluster: placeOptions.cluster,
	context: {...oneText('context'), describe: 'Context of a cluster that is there, instead of a kind cluster'},
	namespace: {...word('namespace'), defaultDescription: defaults.namespace, describe: 'Namespace of the Jobs'},
	image: {...oneText('image'), describe: 'Image of k8s/replicast that the cluster can pull; built for a kind cluster'},
	shards: {
		...wholeNumber('shards', {min: 1, max: 10_000}),
		defaultDescription: 'one a core of the nodes',
		describe: 'Indexes of a Job at most',
	},
	'smallest-job': {
		...wholeNumber('smallest-job', {min: 1, max: 1_000_000_000}),
		defaultDescription: String(defaults.smallestJob),
		describe: 'Fewest runs that are worth a Job; fewer are played on this machine',
	},
	'pod-memory': {...quantity('pod-memory'), defaultDescription: defaults.podMemory, describe: 'Memory of a pod'},
	'claim-size': {...quantity('claim-size'), defaultDescription: defaults.claimSize, describe: 'Size of the claim'},
	'claim-mode': {
		...oneOf('claim-mode', ['ReadWriteOnce', 'ReadWriteMany']),
		defaultDescription: `${defaults.claimMode}: the pods of one node`,
		describe: 'Access mode of the claim',
	},
	'storage-class': {...word('storage-class'), defaultDescription: 'the cluster’s', describe: 'Class of the claim'},
	bucket: {
		...oneText('bucket'),
		describe: 'https://SERVER/BUCKET[/PREFIX] of an S3-compatible server, instead of a claim',
	},
	'bucket-secret': {
		...word('bucket-secret'),
		describe: 'Secret of the namespace with the bucket’s keys; made of this environment’s when left out',
	},
	keep: {type: 'boolean', default: false, describe: 'Leave what was made in the cluster, or the cluster, where it is'},
	'print-manifests': {type: 'boolean', default: false, describe: 'Print what would be applied, and stop'},
} as const;

/**
 * What the options mean for Jobs; nothing where the runs are played on this machine.
 *
 * @throws {UserError} E_USAGE when the options do not fit together
 */
export function jobOptionsOf(options: TuneClusterOptions): JobOptions | undefined {
	const {on, checkLive, cluster, context, image, bucket} = options;
	if (on === 'machine') {
		refuseStray(options, 'on kubernetes or --check-live', checkLive ? [] : ['context', 'keep']);
		refuseStray(options, 'on kubernetes', [
			...['namespace', 'image', 'shards', 'smallest-job', 'pod-memory', 'claim-size', 'claim-mode'],
			...['storage-class', 'bucket', 'bucket-secret', 'print-manifests'],
		]);
		return undefined;
	}

	if (bucket === undefined) {
		refuseStray(options, 'bucket', ['bucket-secret']);
	} else {
		refuseStray({...options, bucket: undefined}, 'a claim', ['claim-size', 'claim-mode', 'storage-class']);
	}

	if (context !== undefined && image === undefined) {
		throw new UserError('E_USAGE', 'Expected --context to come with --image, got it without');
	}

	const place: JobPlace = context === undefined ? {kind: 'kind', name: cluster} : {kind: 'foreign', context};
	return {
		place,
		namespace: options.namespace ?? defaults.namespace,
		memory: options.podMemory ?? defaults.podMemory,
		storage: storageOf(options),
		keeps: options.keep,
		...(image !== undefined && {image}),
		...(options.shards !== undefined && {shards: options.shards}),
	};
}

/** Fewest runs that are sent to the cluster. */
export function smallestJobOf({smallestJob = defaults.smallestJob}: TuneClusterOptions): number {
	return smallestJob;
}

function storageOf({bucket, bucketSecret, claimSize, claimMode, storageClass}: TuneClusterOptions): JobStorage {
	if (bucket !== undefined) {
		return {
			kind: 'bucket',
			bucket: parsed(bucket),
			keys: bucketKeys(process.env),
			...(bucketSecret !== undefined && {secret: bucketSecret}),
		};
	}

	return {
		kind: 'claim',
		size: claimSize ?? defaults.claimSize,
		accessMode: claimMode ?? defaults.claimMode,
		...(storageClass !== undefined && {storageClass}),
	};
}

function parsed(bucket: string) {
	try {
		return parseBucket(bucket);
	} catch (error) {
		throw new UserError('E_USAGE', (error as Error).message, {cause: error});
	}
}

/** @throws {UserError} E_USAGE with the first option that has no meaning without another */
export function refuseStray(options: object, wanted: string, names: readonly string[]): void {
	const given = new Map(Object.entries(options));
	const stray = names.find(name => ![undefined, false].includes(given.get(name) as undefined));
	if (stray !== undefined) {
		const what = wanted === 'a claim' ? 'a claim, got it with --bucket' : `--${wanted}, got it alone`;
		throw new UserError('E_USAGE', `Expected --${stray} to come with ${what}`);
	}
}
