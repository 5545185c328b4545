import type * as z from 'zod';

/** A broken rule: the key it stands at, below the map it belongs to, and what that key ought to be. */
export type Verdict = {readonly path: readonly (string | number)[]; readonly rule: string};

/**
 * The schema with a rule over several of its keys. The rule is tried even where other keys are wrong, but not where
 * one of its own is: each mistake is told once.
 *
 * @param keys - what the rule reads
 * @param judge - answers with what is wrong; values that were left out are `undefined`
 */
export function judged<S extends z.ZodObject>(
	schema: S,
	keys: readonly string[],
	judge: (value: Readonly<Record<string, unknown>>) => Verdict | undefined,
): S {
	return schema.superRefine(
		(value, context) => {
			const verdict = judge(value);
			if (verdict !== undefined) {
				context.addIssue({code: 'custom', path: [...verdict.path], message: verdict.rule});
			}
		},
		{
			when: ({value, issues}) =>
				typeof value === 'object' &&
				value !== null &&
				!Array.isArray(value) &&
				!issues.some(({path}) => path?.[0] !== undefined && keys.includes(String(path[0]))),
		},
	);
}
