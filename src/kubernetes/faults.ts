import type * as z from 'zod';

/** What is wrong with a document, and where in it. */
export type Fault = {readonly path: readonly PropertyKey[]; readonly message: string};

const nouns: Readonly<Record<string, string>> = {
	object: 'an object',
	record: 'an object',
	array: 'a list',
	string: 'text',
	number: 'a number',
	boolean: 'true or false',
};

/**
 * The faults that a schema found, each in one line; the messages of the schemas here are rules, the text that follows
 * "Expected … to be".
 *
 * @param value - the document that was checked
 * @param root - what to call the document itself
 */
export function faultsOf(error: z.ZodError, value: unknown, root: string): readonly Fault[] {
	return error.issues.flatMap(issue => {
		const at = nameOf(issue.path, root);
		if (issue.code === 'unrecognized_keys') {
			return issue.keys.map(key => ({
				path: [...issue.path, key],
				message: `Expected ${at} to have known keys, got ${show(key)}`,
			}));
		}

		const got = show(valueAt(value, issue.path));
		return [{path: issue.path, message: `Expected ${at} to be ${ruleOf(issue)}, got ${got}`}];
	});
}

function ruleOf(issue: z.core.$ZodIssue): string {
	const isGeneric = issue.message.startsWith('Invalid input') && issue.code === 'invalid_type';
	return isGeneric ? (nouns[issue.expected] ?? issue.expected) : issue.message;
}

function nameOf(path: readonly PropertyKey[], root: string): string {
	const name = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
	return name === '' ? root : name.replace(/^\./, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
	let found = value;
	for (const key of path) {
		found = (found as Record<PropertyKey, unknown> | null | undefined)?.[key];
	}

	return found;
}

function show(value: unknown): string {
	const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
