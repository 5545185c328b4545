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

const endings: readonly (readonly [RegExp, TimeUnit])[] = [
	[/(?:ns|nanos|nanoseconds?)$/, 'ns'],
	[/(?:us|micros|microseconds?)$/, 'us'],
	[/(?:ms|millis|milliseconds?)$/, 'ms'],
	[/(?:s|secs?|seconds?)$/, 's'],
];

/** The columns of a table by their names; undefined where one of the three is missing, or stands there twice. */
export function columnsByName(names: readonly string[]): NamedColumns | undefined {
	const bare = names.map(name => ({name, key: name.toLowerCase().replaceAll(/[^a-z\d]/g, '')}));
	const only = (isIt: (key: string) => boolean) => {
		const found = bare.filter(({key}) => isIt(key));
		return found.length === 1 ? found[0] : undefined;
	};
	const time = only(key => timeNames!.has(withoutUnit(key)));
	const prompt = only(key => promptNames!.has(key));
	const output = only(key => outputNames!.has(key));
	if (time === undefined || prompt === undefined || output === undefined) {
		return undefined;
	}

	return {time: time.name, promptTokens: prompt.name, outputTokens: output.name, unit: unitIn(time.key)};
}

/** A name without the unit it ends with; a name of a time as it stands has none, though `ts` and `arrivals` end so. */
function withoutUnit(key: string): string {
	if (timeNames!.has(key)) {
		return key;
	}

	const bare = endings.map(([ending]) => key.replace(ending, '')).find(rest => timeNames!.has(rest));
	return bare ?? key;
}

function unitIn(key: string): TimeUnit | undefined {
	return timeNames!.has(key) ? undefined : endings.find(([ending]) => timeNames!.has(key.replace(ending, '')))?.[1];
}
