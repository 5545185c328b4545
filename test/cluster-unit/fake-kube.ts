import {KubeRefusal} from '../../src/cluster/api/kube-api.ts';

type Objects = Map<string, {metadata: {name: string; resourceVersion?: string; annotations?: object}; spec: object}>;

/** Objects by path in this process, with the versions and the conflicts of a real API server. */
export class FakeKube {
	readonly objects: Objects = new Map();
	#version = 0;

	async get<Answer>(path: string): Promise<Answer> {
		const found = this.objects.get(path);
		if (found === undefined) {
			throw new KubeRefusal(404, 'not found');
		}

		return structuredClone(found) as Answer;
	}

	async find<Answer>(path: string): Promise<Answer | undefined> {
		return this.objects.has(path) ? this.get<Answer>(path) : undefined;
	}

	async send(path: string, {method, body}: {method: string; body?: unknown}): Promise<string> {
		const given = structuredClone(body) as {metadata: {name: string; resourceVersion?: string}; spec: object};
		const place = method === 'POST' ? `${path}/${given.metadata.name}` : path;
		const there = this.objects.get(place);
		if (method === 'POST' ? there !== undefined : there?.metadata.resourceVersion !== given.metadata.resourceVersion) {
			throw new KubeRefusal(409, 'conflict');
		}

		return JSON.stringify(this.put(place, given));
	}

	/** A JSON merge patch. */
	async merge(path: string, body: Record<string, Record<string, unknown>>): Promise<void> {
		this.objects.set(path, patched(await this.get(path), body) as never);
	}

	async remove(path: string, {preconditions}: {preconditions?: {resourceVersion?: string}} = {}): Promise<void> {
		const there = this.objects.get(path);
		if (there !== undefined && preconditions?.resourceVersion !== there.metadata.resourceVersion) {
			throw new KubeRefusal(409, 'conflict');
		}

		this.objects.delete(path);
	}

	put(path: string, object: {metadata: {name: string}; spec: object}) {
		const stored = {...object, metadata: {...object.metadata, resourceVersion: String(++this.#version)}};
		this.objects.set(path, stored);
		return stored;
	}
}

/** @see RFC 7386 */
function patched(target: unknown, patch: unknown): unknown {
	if (typeof patch !== 'object' || patch === null) {
		return patch;
	}

	const result: Record<string, unknown> = {...(target as object)};
	for (const [key, value] of Object.entries(patch)) {
		if (value === null) {
			delete result[key];
		} else {
			result[key] = patched(result[key], value);
		}
	}

	return result;
}
