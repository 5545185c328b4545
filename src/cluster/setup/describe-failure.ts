import {UserError} from '../../errors.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {namespace, podSelector} from './cluster.ts';

type Pods = {items: {metadata: {name: string}; spec: {containers: {name: string}[]}; status: {phase?: string}}[]};
type Events = {
	items: {reason?: string; message?: string; type?: string; lastTimestamp?: string; involvedObject: {name?: string}}[];
};

const lines = 5;
const path = `/api/v1/namespaces/${namespace}`;

/** The failure of a step with what the pods' events and logs last said under it. */
export async function describeFailure(api: KubeApi, failure: unknown): Promise<unknown> {
	if (!(failure instanceof UserError)) {
		return failure;
	}

	const words = await podWords(api).catch(() => []);
	return words.length === 0
		? failure
		: new UserError(failure.code, [...failure.message.split('\n'), ...words], {cause: failure});
}

async function podWords(api: KubeApi): Promise<string[]> {
	const {items} = await api.get<Pods>(`${path}/pods?labelSelector=${encodeURIComponent(podSelector)}`);
	const events = (await api.get<Events>(`${path}/events`)).items.filter(({type}) => type !== 'Normal');
	const words = await Promise.all(
		items.map(async ({metadata: {name}, spec, status}) => {
			const own = events.filter(({involvedObject}) => involvedObject.name === name).slice(-lines);
			const logs = await Promise.all(spec.containers.map(async container => logWords(api, name, container.name)));
			return [
				`  ${name} (${status.phase ?? 'unknown'})`,
				...own.map(({reason, message}) => `    event ${reason}: ${message}`),
				...logs.flat(),
			];
		}),
	);
	return words.flat();
}

async function logWords(api: KubeApi, pod: string, container: string): Promise<string[]> {
	const log = await api.text(`${path}/pods/${pod}/log?container=${container}&tailLines=${lines}`).catch(() => '');
	return log
		.split('\n')
		.filter(line => line.trim() !== '')
		.map(line => `    ${container}: ${line.slice(0, 200)}`);
}
