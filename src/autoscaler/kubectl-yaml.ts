import {Document, isScalar, visit} from 'yaml';
import {hidden} from '../printable.ts';
import {kubectlScalar} from './kubectl-scalar.ts';

/**
 * YAML that kubectl, and any other reader of YAML 1.1 or 1.2, takes for the very value: text that one of them could take
 * for something else stands in quotes.
 *
 * @param object - what JSON can hold; keys that hold undefined are left out
 * @param comments - a line each above it, whatever they hold
 */
export function kubectlYaml(object: unknown, comments: readonly string[] = []): string {
	return yamlText(object, {comments, isQuoted: isInDoubt});
}

type YamlOptions = {
	/** A line each above the document, whatever they hold. */
	readonly comments?: readonly string[];
	/** Columns after which a long text goes on below; 0: never. */
	readonly lineWidth?: number;
	/** Whether a text stands in quotes beyond the ones that YAML 1.2 asks for. */
	readonly isQuoted?: (text: string) => boolean;
};

/** A document as YAML, without anchors; characters that nobody sees stand as escapes in quotes. */
export function yamlText(
	object: unknown,
	{comments = [], lineWidth = 0, isQuoted = () => false}: YamlOptions = {},
): string {
	const document = new Document(object, {aliasDuplicateObjects: false});
	visit(document, {
		Scalar: (_, node) => {
			if (isScalar(node) && typeof node.value === 'string' && (hasHidden(node.value) || isQuoted(node.value))) {
				node.type = 'QUOTE_DOUBLE';
			}
		},
	});
	// YAML 1.1 takes some of them for ends of lines; where they are, quotes are.
	const body = document.toString({lineWidth}).replaceAll(hidden, escaped);
	return (
		comments.map(comment => `# ${comment.replaceAll(/[\n\t]/g, escaped).replaceAll(hidden, escaped)}\n`).join('') + body
	);
}

function hasHidden(text: string): boolean {
	return text.replaceAll(hidden, '') !== text;
}

function isInDoubt(text: string): boolean {
	return (
		kubectlScalar(text) !== text ||
		/^[-+]?[\d.][-+\d.,:_ tz]*$/i.test(text) || // numbers in base 60, dates and the like
		/^[=<~?]/.test(text) ||
		text.includes('\t')
	);
}

/** As a double-quoted text of YAML has it: `\u202e`, and `\U000e0001` beyond four digits. */
function escaped(character: string): string {
	const code = character.codePointAt(0)!.toString(16);
	return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
