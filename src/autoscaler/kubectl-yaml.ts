import {Document, isScalar, visit} from 'yaml';
import {kubectlScalar} from './kubectl-scalar.ts';

/**
 * YAML that kubectl, and any other reader of YAML 1.1 or 1.2, takes for the very value: text that one of them could take
 * for something else stands in quotes.
 *
 * @param object - what JSON can hold; keys that hold undefined are left out
 * @param comments - a line each above it, whatever they hold
 */
export function kubectlYaml(object: unknown, comments: readonly string[] = []): string {
	const document = new Document(object, {aliasDuplicateObjects: false});
	visit(document, {
		Scalar: (_, node) => {
			if (isScalar(node) && typeof node.value === 'string' && isInDoubt(node.value)) {
				node.type = 'QUOTE_DOUBLE';
			}
		},
	});
	// YAML 1.1 takes these for ends of lines; where they are, quotes are.
	const body = document.toString({lineWidth: 0}).replaceAll(/[\u{85}\u{2028}\u{2029}\u{FEFF}]/gu, escaped);
	return comments.map(comment => `# ${onOneLine(comment)}\n`).join('') + body;
}

function isInDoubt(text: string): boolean {
	return (
		kubectlScalar(text) !== text ||
		/^[-+]?[\d.][-+\d.,:_ tz]*$/i.test(text) || // numbers in base 60, dates and the like
		/^[=<~?]/.test(text) ||
		/[\p{Cc}\p{Zl}\p{Zp}\u{FEFF}]/u.test(text.replaceAll('\n', ''))
	);
}

function onOneLine(text: string): string {
	return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u{FEFF}]/gu, escaped);
}

function escaped(character: string): string {
	return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
