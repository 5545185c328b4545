import {parseQuantity} from '../../autoscaler/quantity.ts';
import type {JobOptions, JobPlace} from '../../cluster/jobs/job-options.ts';
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
	keep: {type: 'boolean', default: false, describe: 'Leave what was made in the cluster, or the cluster, where it is'},
	'print-manifests': {type: 'boolean', default: false, describe: 'Print what would be applied, and stop'},
} as const;

/**
 * What the options mean for Jobs; nothing where the runs are played on this machine.
 *
 * @throws {UserError} E_USAGE when the options do not fit together
 */
export function jobOptionsOf(options: TuneClusterOptions): JobOptions | undefined {
	const {on, checkLive, cluster, context, image} = options;
	if (on === 'machine') {
		refuseStray(options, 'on kubernetes or --check-live', checkLive ? [] : ['context', 'keep']);
		refuseStray(options, 'on kubernetes', [
			...['namespace', 'image', 'shards', 'smallest-job', 'pod-memory', 'claim-size', 'claim-mode'],
			...['storage-class', 'print-manifests'],
		]);
		return undefined;
	}

	if (context !== undefined && image === undefined) {
		throw new UserError('E_USAGE', 'Expected --context to come with --image, got it without');
	}

	const place: JobPlace = context === undefined ? {kind: 'kind', name: cluster} : {kind: 'foreign', context};
	return {
		place,
		namespace: options.namespace ?? defaults.namespace,
		memory: options.podMemory ?? defaults.podMemory,
		claim: {
			size: options.claimSize ?? defaults.claimSize,
			accessMode: options.claimMode ?? defaults.claimMode,
			...(options.storageClass !== undefined && {storageClass: options.storageClass}),
		},
		keeps: options.keep,
		...(image !== undefined && {image}),
		...(options.shards !== undefined && {shards: options.shards}),
	};
}

/** Fewest runs that are sent to the cluster. */
export function smallestJobOf({smallestJob = defaults.smallestJob}: TuneClusterOptions): number {
	return smallestJob;
}

/** @throws {UserError} E_USAGE with the first option that has no meaning without another */
export function refuseStray(options: object, wanted: string, names: readonly string[]): void {
	const given = new Map(Object.entries(options));
	const stray = names.find(name => ![undefined, false].includes(given.get(name) as undefined));
	if (stray !== undefined) {
		throw new UserError('E_USAGE', `Expected --${stray} to come with --${wanted}, got it alone`);
	}
}
