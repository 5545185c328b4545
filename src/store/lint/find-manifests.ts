import {type Dirent, existsSync, readdirSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {asFileFault} from '../disk/file-faults.ts';

/** File whose manifests are read; one that was named has to be readable, one of a folder may be anything. */
export type FoundFile = {readonly path: string; readonly isNamed: boolean};

export type FoundManifests = {
	readonly files: readonly FoundFile[];
	/** Files of kustomize, by which others are patches. */
	readonly kustomizations: readonly string[];
	/** Folders of Helm charts, whose templates are no manifests yet. */
	readonly charts: readonly string[];
};

/** Folders that hold no manifests of one's own. */
export const passedOver = new Set(['node_modules', '.git', '.terraform', 'vendor']);

/** @see kustomize v5.6 api/konfig/general.go, RecognizedKustomizationFileNames */
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** More files than that are somebody's home directory. */
const mostFiles = 20_000;

/**
 * Files at the paths: themselves, or what lies below a folder and ends in .yaml, .yml or .json.
 *
 * @throws {UserError} E_FILE where a path leads nowhere
 */
export function findManifests(paths: readonly string[]): FoundManifests {
	const files = new Map<string, FoundFile>();
	const kustomizations = new Set<string>();
	const charts = new Set<string>();
	for (const path of paths) {
		if (path === '-' || !isFolder(path)) {
			files.set(path, {path, isNamed: true});
			for (const beside of path === '-' ? [] : kustomizationsIn(dirname(path))) {
				kustomizations.add(beside);
			}

			continue;
		}

		if (basename(path) === 'templates' && existsSync(join(path, '..', chartFile))) {
			charts.add(dirname(path));
			continue;
		}

		for (const {kind, path: found} of below(path, {isInChart: false})) {
			if (kind === 'chart') {
				charts.add(found);
				continue;
			}

			if (kind === 'kustomization') {
				kustomizations.add(found);
			}

			if (!files.has(found) && files.size < mostFiles) {
				files.set(found, {path: found, isNamed: false});
			}
		}
	}

	return {files: [...files.values()], kustomizations: [...kustomizations], charts: [...charts]};
}

const chartFile = 'Chart.yaml';

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch (error) {
		throw asFileFault(path, error);
	}
}

function kustomizationsIn(folder: string): string[] {
	return kustomizationNames.map(name => join(folder, name)).filter(path => existsSync(path));
}

type Found = {readonly kind: 'manifest' | 'kustomization' | 'chart'; readonly path: string};

/** Files below a folder in the order of their names; links are not followed, nor the templates of charts. */
function* below(folder: string, {isInChart}: {readonly isInChart: boolean}): Generator<Found> {
	const entries = entriesOf(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
	const isChart = entries.some(entry => entry.name === chartFile && entry.isFile());
	const hasTemplates = isChart && entries.some(entry => entry.name === 'templates' && entry.isDirectory());
	if (hasTemplates && !isInChart) {
		// The charts that it depends on are rendered with it.
		yield {kind: 'chart', path: folder};
	}

	for (const entry of entries) {
		const path = join(folder, entry.name);
		if (entry.isDirectory() && !passedOver.has(entry.name) && !(isChart && entry.name === 'templates')) {
			yield* below(path, {isInChart: isInChart || (isChart && entry.name === 'charts')});
		} else if (entry.isFile() && kustomizationNames.includes(entry.name)) {
			yield {kind: 'kustomization', path};
		} else if (entry.isFile() && /\.(?:ya?ml|json)$/i.test(entry.name)) {
			yield {kind: 'manifest', path};
		}
	}
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, {withFileTypes: true});
	} catch (error) {
		throw asFileFault(folder, error);
	}
}
