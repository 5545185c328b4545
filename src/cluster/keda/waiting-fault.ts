import type {KubeApi} from '../api/kube-api.ts';

type Pods = {
	readonly items: readonly {
		readonly metadata: {readonly name: string};
		readonly status: {
			readonly containerStatuses?: readonly {
				readonly name: string;
				readonly image: string;
				readonly restartCount?: number;
				readonly state?: {readonly waiting?: {readonly reason?: string; readonly message?: string}};
			}[];
		};
	}[];
};

/** Reasons for which a container that waits will not start by waiting longer. */
const hopeless = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

/** Image that cannot be pulled for a pod of a namespace, in words; undefined where there is none. */
export async function waitingFault(api: Pick<KubeApi, 'get'>, namespace: string): Promise<string | undefined> {
	const {items} = await api.get<Pods>(`/api/v1/namespaces/${namespace}/pods`).catch((): Pods => ({items: []}));
	for (const {status} of items) {
		for (const {image, state} of status.containerStatuses ?? []) {
			const reason = state?.waiting?.reason ?? '';
			if (hopeless.has(reason)) {
				return `${reason} of ${image}; an image that docker has here is loaded into a kind cluster`;
			}
		}
	}

	return undefined;
}

/** Ends of a container after which it is not waited for any longer. */
const mostRestarts = 2;

/** Container of a namespace that ends again and again, with the last line of its log; undefined where there is none. */
export async function crashFault(api: Pick<KubeApi, 'get' | 'text'>, namespace: string): Promise<string | undefined> {
	const path = `/api/v1/namespaces/${namespace}/pods`;
	const {items} = await api.get<Pods>(path).catch((): Pods => ({items: []}));
	for (const {metadata, status} of items) {
		for (const {name, state, restartCount = 0} of status.containerStatuses ?? []) {
			if (state?.waiting?.reason === 'CrashLoopBackOff' && restartCount >= mostRestarts) {
				const log = await api
					.text(`${path}/${metadata.name}/log?container=${name}&previous=true&tailLines=20`)
					.catch(() => '');
				const last = log.trim().split('\n').at(-1) ?? '';
				return `${name}, which ended ${restartCount} times: ${last === '' ? 'it logged nothing' : last.slice(0, 300)}`;
			}
		}
	}

	return undefined;
}
