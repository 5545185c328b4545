import {UserError} from '../../errors.ts';

/**
 * Sources by the names of the metrics that they are of.
 *
 * @param texts - `NAME=SOURCE` each
 * @throws {UserError} E_USAGE for a text of another form
 */
export function metricSourcesOf(texts: readonly string[]): Record<string, string> {
	const pairs = texts.map(text => {
		const equals = text.lastIndexOf('=');
		if (equals < 1 || equals === text.length - 1) {
			throw new UserError(
				'E_USAGE',
				`Expected --metric-source to be NAME=SOURCE such as depth=waiting, got ${JSON.stringify(text)}`,
			);
		}

		return [text.slice(0, equals), text.slice(equals + 1)] as const;
	});
	return Object.fromEntries(pairs);
}
