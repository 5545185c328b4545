import {
	assumedRelease,
	type ControllerFlags,
	defaultFlags,
	flagNames,
	nearestRelease,
	parseFlagDuration,
} from '../../autoscaler/controller-flags.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import type {KubeApi} from '../api/kube-api.ts';

/** Flags of a cluster's kube-controller-manager; undefined where they cannot be read, as on most managed clusters. */
type ReadFlags = Required<ControllerFlags> | undefined;

type StaticPods = {
	readonly items: readonly {
		readonly spec: {
			readonly containers: readonly {readonly command?: readonly string[]; readonly args?: readonly string[]}[];
		};
	}[];
};

const podsPath = '/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-controller-manager';

/** Reads the autoscaler's flags off the static pod of kube-controller-manager, where the API shows it. */
export async function readControllerFlags(api: Pick<KubeApi, 'get'>): Promise<ReadFlags> {
	const {items} = await api.get<StaticPods>(podsPath).catch((): StaticPods => ({items: []}));
	const [pod] = items;
	if (pod === undefined) {
		return undefined;
	}

	const words = pod.spec.containers.flatMap(({command = [], args = []}) => [...command, ...args]);
	const flags: {-readonly [name in keyof ControllerFlags]: number} = {};
	for (const name of Object.keys(flagNames) as (keyof ControllerFlags)[]) {
		const text = flagValue(words, `--horizontal-pod-autoscaler-${flagNames[name]}`);
		const value = name === 'tolerance' ? Number(text) : parseFlagDuration(text ?? '');
		if (text !== undefined && !Number.isNaN(value)) {
			flags[name] = value;
		}
	}

	return {...defaultFlags, ...flags};
}

/** Value of a flag, which is given as `--flag=value` or as two words; the last one counts. */
function flagValue(words: readonly string[], flag: string): string | undefined {
	const index = words.findLastIndex(word => word === flag || word.startsWith(`${flag}=`));
	return words[index] === flag ? words[index + 1] : words[index]?.slice(flag.length + 1);
}

type Controlled = Pick<Experiment, 'kubernetes' | 'controller' | 'autoscaler'>;

/** A cluster's release as its server reports it, and the flags of its controller. */
export type ClusterController = {readonly gitVersion: string; readonly flags: ReadFlags};

/**
 * Differences between the autoscaler of a cluster and that of an experiment: release and flags, a line each. There are none
 * where nothing is autoscaled.
 */
export function controllerDifferences(
	{kubernetes = assumedRelease, controller = {}, autoscaler}: Controlled,
	{arm, cluster: {gitVersion, flags}}: {readonly arm: Arm; readonly cluster: ClusterController},
): string[] {
	if (arm === 'fixed' || autoscaler === 'none') {
		return [];
	}

	const release = nearestRelease(gitVersion);
	const wanted = {...defaultFlags, ...controller};
	return [
		...(release === kubernetes ? [] : [`the cluster has Kubernetes ${gitVersion}, the experiment ${kubernetes}`]),
		...(flags === undefined
			? ["the controller's flags cannot be read; they may differ from the experiment's"]
			: (Object.keys(flagNames) as (keyof ControllerFlags)[])
					.filter(name => flags[name] !== wanted[name])
					.map(name => {
						const flag = `--horizontal-pod-autoscaler-${flagNames[name]}`;
						return `the cluster has ${flag} ${amountOf(name, flags)}, the experiment ${amountOf(name, wanted)}`;
					})),
	];
}

function amountOf(name: keyof ControllerFlags, flags: Required<ControllerFlags>): string {
	return name === 'tolerance' ? String(flags[name]) : `${flags[name]} s`;
}
