import type {InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {isPositiveQuantity, type TuningJobs} from '../../library/tuning-evaluator.ts';
import {oneOf, oneText, refuseStray, wholeNumber} from '../terminal/option-forms.ts';
import {placeOptions} from '../terminal/place.ts';

/** Values of options that are left out. */
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
		if (!isPositiveQuantity(text)) {
			throw new RangeError(`Expected --${name} to be a quantity such as 512Mi, got ${JSON.stringify(text)}`);
		}

		return text;
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

/** Options of `replicast tune` that say where it simulates. */
export const tuneClusterOptions = {
	on: {
		...oneOf('on', ['machine', 'kubernetes']),
		default: 'machine' as const,
		describe: 'Where runs are simulated: in threads of this machine, or in Indexed Jobs of a cluster',
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
		describe: 'Fewest runs that are worth a Job; fewer are simulated on this machine',
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

type Given = InferredOptionTypes<typeof tuneClusterOptions> & {
	/** Replays need a cluster too, and say where it is in the same words. */
	readonly 'check-live': boolean;
};

/**
 * Jobs that the options ask for; undefined when the runs are simulated on this machine.
 *
 * @throws {UserError} E_USAGE when the options do not fit together
 */
export function jobsOf(given: Given): TuningJobs | undefined {
	const {on, cluster, context, image, shards} = given;
	if (on === 'machine') {
		refuseStray(given, 'on kubernetes or --check-live', given['check-live'] ? [] : ['context', 'keep']);
		refuseStray(given, 'on kubernetes', [
			...['namespace', 'image', 'shards', 'smallest-job', 'pod-memory', 'claim-size', 'claim-mode'],
			...['storage-class', 'print-manifests'],
		]);
		return undefined;
	}

	if (context !== undefined && image === undefined) {
		throw new UserError('E_USAGE', 'Expected --image beside --context, got --context alone');
	}

	return {
		place: context === undefined ? {kind: 'kind', name: cluster} : {kind: 'foreign', context},
		namespace: given.namespace ?? defaults.namespace,
		memory: given['pod-memory'] ?? defaults.podMemory,
		claim: claimOf(given),
		keeps: given.keep,
		smallestJob: given['smallest-job'] ?? defaults.smallestJob,
		...(image !== undefined && {image}),
		...(shards !== undefined && {shards}),
	};
}

function claimOf(given: Given): TuningJobs['claim'] {
	const storageClass = given['storage-class'];
	return {
		size: given['claim-size'] ?? defaults.claimSize,
		accessMode: given['claim-mode'] ?? defaults.claimMode,
		...(storageClass !== undefined && {storageClass}),
	};
}
