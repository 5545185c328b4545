import type {KubeApi} from '../api/kube-api.ts';

type Pods = {
	readonly items: readonly {
		readonly metadata: {readonly name: string};
		readonly status: {
			readonly containerStatuses?: readonly {
				readonly image: string;
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
