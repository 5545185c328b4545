import {type ParseOptions, parseDocuments} from '../yaml/parse-yaml.ts';
import {type FaultLine, nodeAt, type SourceNode, scalar, textAt} from '../yaml/source-tree.ts';

/** The Kubernetes objects of a file in their order, and what is wrong with its syntax. */
export type ParsedManifests = {
	readonly objects: readonly ManifestObject[];
	/** Documents that are no objects, such as a bare spec. */
	readonly others: readonly SourceNode[];
	readonly faults: readonly FaultLine[];
};

/** An object as a manifest writes it; the words are undefined where they are missing or no text. */
export type ManifestObject = {
	readonly apiVersion: string | undefined;
	readonly kind: string;
	readonly name: string | undefined;
	readonly namespace: string | undefined;
	readonly tree: SourceNode;
};

/**
 * The Kubernetes objects of a text as kubectl reads them: any number of documents, empty ones passed over, lists of kind
 * List or SomethingList taken apart.
 *
 * @param text - YAML or JSON
 * @param file - name of the file in fault lines
 */
export function parseManifests(
	text: string,
	file: string,
	options: Omit<ParseOptions, 'reading'> = {},
): ParsedManifests {
	const {trees, faults} = parseDocuments(text, file, {...options, reading: 'kubectl'});
	return {...objectsIn(trees), faults};
}

/** The objects among trees; each list taken apart, those in it among them. */
export function objectsIn(trees: readonly SourceNode[]): Pick<ParsedManifests, 'objects' | 'others'> {
	const objects: ManifestObject[] = [];
	const others: SourceNode[] = [];
	for (const tree of trees) {
		const kind = textAt(tree, 'kind');
		const items = nodeAt(tree, ['items']);
		if (kind?.endsWith('List') && items?.kind === 'list') {
			const inner = objectsIn(items.items.map(item => withKind(item, kind, tree)));
			objects.push(...inner.objects);
			others.push(...inner.others);
		} else if (kind === undefined) {
			others.push(tree);
		} else {
			objects.push(objectOf(kind, tree));
		}
	}

	return {objects, others};
}

function objectOf(kind: string, tree: SourceNode): ManifestObject {
	return {
		apiVersion: textAt(tree, 'apiVersion'),
		kind,
		name: textAt(tree, 'metadata', 'name'),
		namespace: textAt(tree, 'metadata', 'namespace'),
		tree,
	};
}

/** An item of a PodList as the API gives it says neither its version nor its kind. */
function withKind(item: SourceNode, listKind: string, list: SourceNode): SourceNode {
	const kind = listKind.slice(0, -'List'.length);
	if (item.kind !== 'map' || item.entries.has('kind') || kind === '') {
		return item;
	}

	const entries = new Map(item.entries);
	const {entries: of} = list as Extract<SourceNode, {kind: 'map'}>;
	entries.set('kind', {keySource: item.source, node: scalar(kind, item.source)});
	const version = of.get('apiVersion');
	if (version !== undefined && !entries.has('apiVersion')) {
		entries.set('apiVersion', version);
	}

	return {...item, entries};
}
