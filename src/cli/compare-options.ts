import type {Argv} from 'yargs';

/** Options of `replicast compare` as they reach its handler. */
export type CompareOptions = {
	readonly path: readonly string[];
	readonly experiment?: string;
	readonly profile?: string;
	readonly set: readonly string[];
	readonly replications: number;
	readonly reports: string;
	readonly json: boolean;
};

/** Fewer do not tell how much runs vary. */
const fewestReplications = 100;

const text = {type: 'string', requiresArg: true} as const;

export const compareOptions = (yargs: Argv) =>
	yargs
		.positional('path', {
			type: 'string',
			array: true,
			default: [],
			describe: 'An experiment file; or the folder of a simulated record and those of measured ones',
		})
		.option('profile', {...text, describe: 'Profile of the experiment to apply'})
		.option('set', {
			type: 'string',
			array: true,
			nargs: 1,
			default: [],
			describe: 'Change a value of the experiment: path=value, for example another model',
		})
		.option('experiment', {...text, describe: 'With records: the experiment that they are of'})
		.option('replications', {
			...text,
			default: String(fewestReplications),
			coerce: wholeNumber,
			describe: `Runs of the simulator, at least ${fewestReplications}`,
		})
		.option('reports', {...text, default: 'reports', describe: 'Folder in which measured records are looked for'})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON object instead of tables'})
		.example('$0 compare experiments/dynamic-scaling.yaml --profile bench', '')
		.example('$0 compare reports/simulated/mine/dynamic reports/measured/mine/dynamic-0', 'Record against record');

function wholeNumber(given: unknown): number {
	const value = /^\d{1,6}$/.test(String(given)) ? Number(given) : Number.NaN;
	if (!(value >= fewestReplications)) {
		throw new RangeError(
			`Expected --replications to be an integer from ${fewestReplications}, got ${JSON.stringify(given)}`,
		);
	}

	return value;
}
