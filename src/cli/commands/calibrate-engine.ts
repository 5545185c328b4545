import {UserError} from '../../errors.ts';
import {calibrateEngine, isEngineRun} from '../../library/engines/calibrate-engine.ts';
import {engineFitReport} from '../../report/engine-fit-report.ts';
import {oneText, wholeNumber} from '../terminal/option-forms.ts';
import {printReport} from '../terminal/print.ts';

/** Options of `calibrate` for runs of LLM engines. */
export const engineFitOptions = {
	'engine-model': {
		...oneText('engine-model'),
		describe: 'With runs of an engine: engine model that the fit begins with; by default the shipped one of the run',
	},
	tokens: {
		...oneText('tokens'),
		describe: 'With runs by k6 or locust: mean tokens of a prompt and of an answer, such as 860/250',
	},
	until: {
		...wholeNumber('until', {min: 1, max: 1_000_000}),
		describe: 'With runs of an engine: seconds of each run that are fitted; what came later is left out',
	},
} as const;

type Given = {
	readonly from?: readonly string[] | undefined;
	readonly 'engine-model'?: string | undefined;
	readonly tokens?: string | undefined;
	readonly until?: number | undefined;
};

/**
 * Whether the paths are runs of an engine.
 *
 * @throws {UserError} when only some are, or its options are given without
 */
export function areEngineRuns({from = [], ...given}: Given): boolean {
	const kinds = from.map(isEngineRun);
	if (!kinds.includes(true)) {
		const stray = (['engine-model', 'tokens', 'until'] as const).find(name => given[name] !== undefined);
		if (stray !== undefined) {
			throw new UserError('E_USAGE', `Expected --from with runs of an engine and --${stray}, got none`);
		}

		return false;
	}

	const other = kinds.indexOf(false);
	if (other !== -1) {
		throw new UserError('E_USAGE', `Expected runs of an engine alone with --from, got ${from[other]}`);
	}

	return true;
}

/** Fits an engine's coefficients and prints what was found. */
export async function fitToEngineRuns({
	from = [],
	out,
	force,
	...given
}: Given & {readonly out?: string | undefined; readonly force: boolean}): Promise<void> {
	const {tokens, until, 'engine-model': engineModel} = given;
	const result = await calibrateEngine(from, {
		force,
		...(engineModel !== undefined && {engineModel}),
		...(tokens !== undefined && {tokens: tokensOf(tokens)}),
		...(until !== undefined && {until}),
		...(out !== undefined && {out}),
	});
	printReport(engineFitReport(result), '');
}

function tokensOf(given: string): {prompt: number; output: number} {
	const match = /^(\d{1,7})\/(\d{1,7})$/.exec(given);
	const [prompt, output] = [Number(match?.[1]), Number(match?.[2])];
	if (!(prompt >= 1 && output >= 1)) {
		throw new UserError('E_USAGE', `Expected --tokens to be PROMPT/ANSWER, such as 860/250, got '${given}'`);
	}

	return {prompt, output};
}
