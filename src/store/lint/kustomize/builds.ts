import {resolve} from 'node:path';
import {matches, type PatchTarget} from './patch-target.ts';
import type {Kustomization} from './read-kustomization.ts';

/** Object as a build of kustomize knows it. */
type BuiltObject = {readonly file: string; readonly kind: string; readonly name: string | undefined};

/** Files that a build reaches, as absolute paths, with the prefixes and suffixes that their names have got so far. */
type Reach = ReadonlyMap<string, readonly (readonly [prefix: string, suffix: string])[]>;

/** A base of a base … is followed so deep. */
const deepest = 100;

/** Builds of kustomize: what each patches, and which files belong together. */
export class KustomizeBuilds {
	readonly #byFolder = new Map<string, Kustomization>();
	readonly #reaches = new Map<Kustomization, Reach>();
	readonly #changing: readonly {readonly of: Kustomization; readonly targets: readonly PatchTarget[]}[];
	readonly #patchFiles: ReadonlySet<string>;

	constructor(kustomizations: readonly Kustomization[]) {
		for (const each of kustomizations) {
			this.#byFolder.set(resolve(each.folder), each);
		}

		const included = new Set(kustomizations.flatMap(({includes}) => includes));
		const isRoot = (each: Kustomization) => !each.isComponent || !included.has(resolve(each.folder));
		this.#patchFiles = new Set(
			kustomizations.flatMap(({patchFiles}) => patchFiles).filter(path => !included.has(path)),
		);
		this.#changing = kustomizations.flatMap(each => {
			const targets = isRoot(each) ? this.#targetsOf(each) : [];
			return targets.length > 0 ? [{of: each, targets}] : [];
		});
	}

	/** Kustomizations that have a file for a patch or for their own settings; none where it holds objects. */
	isPatchFile(file: string): boolean {
		return file !== '-' && this.#patchFiles.has(resolve(file));
	}

	/** Folder of the kustomization whose patch a file is. */
	patchedIn(file: string): string | undefined {
		const path = resolve(file);
		return [...this.#byFolder.values()].find(({patchFiles}) => patchFiles.includes(path))?.folder;
	}

	/** Kustomizations that patch an object beyond its labels, image and number of pods. */
	changersOf({file, kind, name = ''}: BuiltObject): Kustomization[] {
		const path = file === '-' ? '' : resolve(file);
		return this.#changing
			.filter(({of, targets}) => {
				const affixes = this.#reachOf(of).get(path);
				return (
					affixes !== undefined &&
					targets.some(
						target => matches(target.kind, kind) && namesOf(name, affixes).some(each => matches(target.name, each)),
					)
				);
			})
			.map(({of}) => of);
	}

	/** Kustomizations that patch an object, of the builds that hold another file, too; of all where none holds both. */
	changersBeside(object: BuiltObject, file: string): Kustomization[] {
		const changers = this.changersOf(object);
		return file === '-' || !this.isTogether(object.file, file)
			? changers
			: changers.filter(each => this.#reachOf(each).has(resolve(file)));
	}

	/** Whether one build holds both files. */
	isTogether(a: string, b: string): boolean {
		const [first, second] = [resolve(a), resolve(b)];
		return [...this.#byFolder.values()].some(each => {
			const reach = this.#reachOf(each);
			return reach.has(first) && reach.has(second);
		});
	}

	/** Targets of its own patches and of those of its components. */
	#targetsOf(root: Kustomization): PatchTarget[] {
		const seen = new Set([root]);
		for (const each of seen) {
			for (const path of each.includes) {
				const below = this.#byFolder.get(path);
				if (below?.isComponent === true) {
					seen.add(below);
				}
			}
		}

		return [...seen].flatMap(({targets}) => targets);
	}

	#reachOf(root: Kustomization): Reach {
		const known = this.#reaches.get(root);
		if (known !== undefined) {
			return known;
		}

		const reach = new Map<string, (readonly [string, string])[]>();
		const seen = new Set([root]);
		let level: {of: Kustomization; affixes: (readonly [string, string])[]}[] = [{of: root, affixes: []}];
		for (let depth = 0; depth < deepest && level.length > 0; depth++) {
			const next: typeof level = [];
			for (const {of, affixes} of level) {
				for (const path of of.includes) {
					const below = this.#byFolder.get(path);
					if (below === undefined) {
						reach.set(path, affixes);
					} else if (!seen.has(below)) {
						seen.add(below);
						next.push({of: below, affixes: [[below.prefix, below.suffix], ...affixes]});
					}
				}
			}

			level = next;
		}

		this.#reaches.set(root, reach);
		return reach;
	}
}

/** Names of an object: its own, and the longer ones of each build above it. */
function namesOf(name: string, affixes: readonly (readonly [string, string])[]): string[] {
	const names = [name];
	for (const [prefix, suffix] of affixes) {
		names.push(`${prefix}${names.at(-1)}${suffix}`);
	}

	return names;
}
