import type {KubeApi} from '../api/kube-api.ts';
import {collectionPath} from './job-objects.ts';

type State = {readonly reason?: string; readonly message?: string; readonly exitCode?: number};

type ContainerStatus = {
	readonly state?: {readonly waiting?: State; readonly terminated?: State; readonly running?: object};
};

/** Fields of a pod that are read. */
export type JobPod = {
	readonly metadata: {
		readonly name: string;
		readonly creationTimestamp?: string;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	readonly status: {
		readonly phase?: string;
		readonly reason?: string;
		readonly message?: string;
		readonly conditions?: readonly (State & {readonly type: string; readonly status: string})[];
		readonly containerStatuses?: readonly ContainerStatus[];
	};
};

/** Reason why a pod does not start. */
export type Trouble = {
	readonly pod: string;
	readonly why: string;
	/** Whether waiting may help, as with a node that is still to come. */
	readonly mayPass: boolean;
};

/** Reasons for which a container waits that do not pass by themselves. */
const lasting = new Set([
	'ImagePullBackOff',
	'InvalidImageName',
	'ErrImageNeverPull',
	'CreateContainerConfigError',
	'CreateContainerError',
]);

const logLines = 3;

/** The first thing that keeps one of the pods from starting. What does not pass comes first. */
export function troubleOf(pods: readonly JobPod[]): Trouble | undefined {
	const troubles = pods
		.filter(({status: {phase}}) => phase === 'Pending')
		.flatMap(({metadata: {name}, status: {conditions = [], containerStatuses = []}}): Trouble[] => {
			const waiting = containerStatuses.map(({state}) => state?.waiting).find(one => one && lasting.has(one.reason!));
			if (waiting !== undefined) {
				return [{pod: name, why: words(waiting), mayPass: false}];
			}

			const unplaced = conditions.find(({type, status}) => type === 'PodScheduled' && status === 'False');
			return unplaced === undefined ? [] : [{pod: name, why: words(unplaced), mayPass: true}];
		});
	return troubles.find(({mayPass}) => !mayPass) ?? troubles[0];
}

/** Reason of the latest pod's failure, with the last lines of its log, in one line; undefined when none failed. */
export async function lastFailure(
	api: Pick<KubeApi, 'text'>,
	namespace: string,
	pods: readonly JobPod[],
): Promise<string | undefined> {
	const failed = pods
		.filter(({status: {phase}}) => phase === 'Failed')
		.sort((a, b) => createdAt(a).localeCompare(createdAt(b)))
		.at(-1);
	if (failed === undefined) {
		return undefined;
	}

	const {name} = failed.metadata;
	const path = `${collectionPath('Pod', namespace)}/${name}/log?tailLines=${logLines}`;
	const log = (await api.text(path).catch(() => '')).split('\n').map(line => line.trim());
	const said = log.filter(line => line !== '').join(' / ');
	return `${name}: ${endOf(failed)}${said === '' ? '' : `; its log ends: ${said.slice(0, 500)}`}`;
}

function createdAt({metadata}: JobPod): string {
	return metadata.creationTimestamp ?? '';
}

function endOf({status: {reason, message, containerStatuses = []}}: JobPod): string {
	const ended = containerStatuses.map(({state}) => state?.terminated).find(one => one !== undefined);
	if (ended !== undefined) {
		return `${ended.reason ?? 'ended'} with exit status ${ended.exitCode}`;
	}

	return words({...(reason !== undefined && {reason}), ...(message !== undefined && {message})});
}

function words({reason = 'unknown reason', message}: State): string {
	return message === undefined || message === '' ? reason : `${reason}: ${message.split('\n', 1)[0]}`;
}
