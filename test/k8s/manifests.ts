import {readFileSync} from 'node:fs';
import {parseAllDocuments} from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: a manifest has whatever shape its kind has
export type Manifest = any;

/** The documents of a file of `k8s/`; a warning of the parser is an error here. */
export function readManifests(file: string): Manifest[] {
	return parseAllDocuments(readFileSync(new URL(`../../../k8s/${file}`, import.meta.url), 'utf8')).map(document => {
		const problem = document.errors[0] ?? document.warnings[0];
		if (problem) {
			throw problem;
		}

		return document.toJS();
	});
}

/** Everything that `kubectl apply -k k8s/` applies. */
export function readKustomization(): Manifest[] {
	const [{resources}] = readManifests('kustomization.yaml');
	return resources.flatMap(readManifests);
}

export function find(kind: string, name: string): Manifest {
	const found = readKustomization().filter(manifest => manifest.kind === kind && manifest.metadata.name === name);
	if (found.length !== 1) {
		throw new Error(`Expected one ${kind} ${name}, got ${found.length}`);
	}

	return found[0];
}
