import {nodeAt, type SourceNode, scalar, textAt} from '../yaml/source-tree.ts';

/** Items of a list below a node; none where there is no list. */
export function itemsAt(node: SourceNode | undefined, key: string): readonly SourceNode[] {
	const list = nodeAt(node, [key]);
	return list?.kind === 'list' ? list.items : [];
}

/** Flags of a container's command line, each with the value that follows it; variables of its environment are put in. */
export function* commandFlags(container: SourceNode): Generator<{readonly flag: string; readonly value?: SourceNode}> {
	const words = commandWords(container);
	for (const [index, {text, source}] of words.entries()) {
		const next = words[index + 1];
		const equals = text.indexOf('=');
		if (equals > 0) {
			yield {flag: text.slice(0, equals), value: scalar(text.slice(equals + 1), source)};
		} else if (next === undefined || next.text.startsWith('--')) {
			yield {flag: text};
		} else {
			yield {flag: text, value: scalar(next.text, next.source)};
		}
	}
}

/** Words of a container's command line; one of several words is a line for a shell. */
export function commandWords(container: SourceNode): {readonly text: string; readonly source: SourceNode['source']}[] {
	const values = new Map(
		itemsAt(container, 'env').map(variable => [textAt(variable, 'name'), textAt(variable, 'value')] as const),
	);
	return [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].flatMap(word => {
		const line = word.kind === 'scalar' ? String(word.value) : '';
		const parts = /\s/.test(line) ? line.split(/[\s\\]+/).filter(part => part !== '') : [line];
		return parts.map(part => ({text: expanded(part.replaceAll(/^["']|["']$/g, ''), values), source: word.source}));
	});
}

function expanded(text: string, values: ReadonlyMap<string | undefined, string | undefined>): string {
	return text.replaceAll(
		/\$(?:\((\w+)\)|\{(\w+)\}|(\w+))/g,
		(whole, one: string | undefined, two: string | undefined, three: string | undefined) =>
			values.get(one ?? two ?? three) ?? whole,
	);
}
