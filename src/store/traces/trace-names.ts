import type {TimeUnit} from '../../experiment/workload-schema.ts';

/** Columns of a user's own table that hold a request's values, by their names, in any case and with any of `_-. `. */
type NamedColumns = {
	readonly time: string;
	readonly promptTokens: string;
	readonly outputTokens: string;
	/** The unit that the name of the time's column ends with. */
	readonly unit?: TimeUnit | undefined;
};

const times = `at time timestamp ts arrival arrivaltime arrivaltimestamp arrivedat arrivedtime requesttime requesttimestamp
	requestedat submittime submittedat submissiontime starttime startedat createdat createdtime datetime date sentat`;
const prompts = `prompttokens inputtokens inputlength inputlen promptlength promptlen contexttokens requesttokens prefilltokens
	numprefilltokens numprompttokens numinputtokens prompttokencount inputtokencount isl`;
const outputs = `outputtokens completiontokens generatedtokens outputlength outputlen generationlength generationlen
	completionlength responsetokens decodetokens numdecodetokens numoutputtokens numgeneratedtokens outputtokencount
	completiontokencount osl`;

const [timeNames, promptNames, outputNames] = [times, prompts, outputs].map(names => new Set(names.split(/\s+/)));

/** Columns of work, such as `serviceSeconds` and `cpu_time_ms`, without their unit. */
const workNames = new Set(['service', 'servicetime', 'timeinservice', 'cpu', 'cputime']);

const endings: readonly (readonly [RegExp, TimeUnit])[] = [
	[/(?:ns|nanos|nanoseconds?)$/, 'ns'],
	[/(?:us|micros|microseconds?)$/, 'us'],
	[/(?:ms|millis|milliseconds?)$/, 'ms'],
	[/(?:s|secs?|seconds?)$/, 's'],
];

/** The columns of a table by their names; undefined where one of the three is missing, or stands there twice. */
export function columnsByName(names: readonly string[]): NamedColumns | undefined {
	const [[time, ...times], [prompt, ...prompts], [output, ...outputs]] = [
		timeColumns(names),
		promptColumns(names),
		outputColumns(names),
	];
	const isOnce = times.length + prompts.length + outputs.length === 0;
	return time === undefined || prompt === undefined || output === undefined || !isOnce
		? undefined
		: {time, promptTokens: prompt, outputTokens: output, unit: unitEnding(bareName(time)).unit};
}

/** Columns of times among names. */
export function timeColumns(names: readonly string[]): string[] {
	return names.filter(name => timeNames!.has(unitEnding(bareName(name)).rest));
}

/** Columns of a prompt's tokens among names. */
export function promptColumns(names: readonly string[]): string[] {
	return names.filter(name => promptNames!.has(bareName(name)));
}

/** Columns of an answer's tokens among names. */
export function outputColumns(names: readonly string[]): string[] {
	return names.filter(name => outputNames!.has(bareName(name)));
}

/** A name in small letters and digits. */
export function bareName(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z\d]/g, '');
}

/**
 * A bare name without the unit that it ends with, and the unit. A name of a time as it stands has none, though `ts` and
 * `arrivals` end so.
 */
export function unitEnding(key: string): {readonly rest: string; readonly unit?: TimeUnit | undefined} {
	if (timeNames!.has(key) || key === 'services' || key === 'cpus') {
		return {rest: key};
	}

	const found = endings.find(([ending]) => {
		const rest = key.replace(ending, '');
		return rest !== key && (timeNames!.has(rest) || workNames.has(rest));
	});
	return found === undefined ? {rest: key} : {rest: key.replace(found[0], ''), unit: found[1]};
}
