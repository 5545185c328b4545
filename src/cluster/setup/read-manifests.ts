import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parse, parseAllDocuments} from 'yaml';
import {packageRoot} from '../../store/disk/package.ts';
import type {Manifest} from './cluster.ts';

/** The manifests of `k8s/` by file, as they stand there. */
export type Manifests = {
	/** Objects that the kustomization lists, except metrics-server and the HPA. */
	readonly base: readonly Manifest[];
	readonly metricsServer: readonly Manifest[];
	/** Objects of `k8s/keda/`, which a ScaledObject needs. */
	readonly prometheus: readonly Manifest[];
	readonly gateway: readonly Manifest[];
};

export async function readManifests(): Promise<Manifests> {
	const kustomization = parse(await readManifestText('kustomization.yaml')) as {resources: string[]};
	const files = kustomization.resources.filter(file => file !== 'metrics-server.yaml' && file !== 'hpa.yaml');
	const base = await Promise.all(files.map(readManifestObjects));
	return {
		base: base.flat(),
		metricsServer: await readManifestObjects('metrics-server.yaml'),
		prometheus: await readManifestObjects('keda/prometheus.yaml'),
		gateway: await readManifestObjects('keda/gateway.yaml'),
	};
}

/** The text of a file of `k8s/`. */
export async function readManifestText(file: string): Promise<string> {
	return readFile(join(packageRoot(), 'k8s', file), 'utf8');
}

/** Objects of a file of `k8s/`. */
export async function readManifestObjects(file: string): Promise<Manifest[]> {
	return parseAllDocuments(await readManifestText(file)).map(document => document.toJS() as Manifest);
}
