import {UserError} from '../../errors.ts';
import type {HistoryAutoscaler, HistoryContainer, HistoryNode} from '../../records/history.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {largestYaml} from '../experiments/referenced-files.ts';
import {findManifests} from '../lint/find-manifests.ts';
import {autoscalersIn} from '../manifests/choose-hpa.ts';
import {type ManifestObject, parseManifests} from '../manifests/parse-manifests.ts';
import {workloadsIn} from '../manifests/read-deployment.ts';
import {presentHpa} from '../manifests/read-hpa.ts';
import {kedaKinds} from '../manifests/scaled-object.ts';
import {faultTexts, plainValue, textAt} from '../yaml/source-tree.ts';
import {autoscalerDocument, containersOfPod, servingDocument} from './object-documents.ts';

/** Objects of a workload as their manifests or the API server have them. */
export type WorkloadObjects = {
	readonly workload?: {
		readonly kind: string;
		readonly name: string;
		readonly namespace?: string;
		readonly document?: unknown;
	};
	readonly autoscaler?: HistoryAutoscaler;
	readonly containers: readonly HistoryContainer[];
	readonly nodes: readonly HistoryNode[];
	readonly notes: readonly string[];
};

/**
 * Reads the manifests of a workload and of what scales it.
 *
 * @param paths - files or folders
 * @param wanted - the workload; left out where the manifests have one autoscaler, or one workload
 * @throws {UserError} E_FILE and E_CONFIG for a named file that cannot be read, E_USAGE where it is not clear what is meant
 */
export async function readWorkloadManifests(
	paths: readonly string[],
	wanted?: {readonly name: string; readonly namespace?: string},
): Promise<WorkloadObjects> {
	const objects = await objectsAt(paths);
	const autoscalers = autoscalersIn(objects);
	const workloads = workloadsIn({objects});
	const target = wanted === undefined ? onlyTarget(autoscalers, workloads) : undefined;
	const isMeant = ({name, namespace}: {readonly name: string | undefined; readonly namespace?: string | undefined}) => {
		const meant = wanted ?? target;
		const isPlace = namespace === undefined || meant?.namespace === undefined || namespace === meant.namespace;
		return meant !== undefined && name === meant.name && isPlace;
	};
	const found = workloads.filter(isMeant);
	const scaling = autoscalers.filter(object => {
		const {name, namespace} = targetOf(object);
		return isMeant({name, namespace});
	});
	if (found.length > 1 || scaling.length > 1) {
		const names = (found.length > 1 ? found : scaling).map(wordsOf).join(', ');
		throw new UserError(
			'E_USAGE',
			`Expected the manifests to have one workload and one autoscaler of it, got ${names}`,
		);
	}

	const [workload] = found;
	const [autoscaler] = scaling;
	const named = workload === undefined ? (target ?? undefined) : targetNamed(workload);
	const document = workload && plainValue(workload.tree);
	return {
		...(named !== undefined && {
			workload: {...named, ...(document !== undefined && {document: servingDocument(document)})},
		}),
		...(autoscaler !== undefined && {autoscaler: autoscalerOf(autoscaler)}),
		containers: containersOfPod((document as PodTemplated | undefined)?.spec?.template?.spec),
		nodes: [],
		notes: [],
	};
}

type PodTemplated = {readonly spec?: {readonly template?: {readonly spec?: unknown}}};

async function objectsAt(paths: readonly string[]): Promise<ManifestObject[]> {
	const objects: ManifestObject[] = [];
	for (const {path, isNamed} of findManifests(paths).files) {
		try {
			const parsed = parseManifests(await readText(path, largestYaml), path);
			if (parsed.faults.length > 0 && isNamed) {
				throw new UserError('E_CONFIG', faultTexts(parsed.faults));
			}

			objects.push(...(parsed.faults.length > 0 ? [] : parsed.objects));
		} catch (error) {
			if (!(error instanceof UnreadableError)) {
				throw error;
			}

			if (isNamed) {
				throw error.asFault(path);
			}
		}
	}

	return objects;
}

type Named = {readonly kind: string; readonly name: string; readonly namespace?: string};

/** The target of the only autoscaler, or else the only workload. */
function onlyTarget(autoscalers: readonly ManifestObject[], workloads: readonly ManifestObject[]): Named | undefined {
	const targets = autoscalers.length > 0 ? autoscalers.map(targetOf) : workloads.map(targetNamed);
	const [only, ...more] = targets;
	if (more.length > 0) {
		const names = targets.map(({kind, name}) => `${kind} ${name}`).join(', ');
		throw new UserError('E_USAGE', `Expected the workload to be given, since the manifests have ${names}, got none`);
	}

	return only;
}

function targetOf({tree, namespace}: ManifestObject): Named {
	return {
		kind: textAt(tree, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment',
		name: textAt(tree, 'spec', 'scaleTargetRef', 'name') ?? '',
		...(namespace !== undefined && {namespace}),
	};
}

function targetNamed({kind, name = '', namespace}: ManifestObject): Named {
	return {kind, name, ...(namespace !== undefined && {namespace})};
}

function wordsOf({kind, name = 'without a name', namespace}: ManifestObject): string {
	return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function autoscalerOf(object: ManifestObject): HistoryAutoscaler {
	const present = presentHpa(object.tree);
	if ('lines' in present) {
		throw new UserError('E_CONFIG', faultTexts(present.lines));
	}

	return {
		kind: kedaKinds.includes(object.kind) ? 'ScaledObject' : 'HorizontalPodAutoscaler',
		name: object.name ?? '',
		document: autoscalerDocument(plainValue(present.tree)),
		isFromMetrics: false,
	};
}
