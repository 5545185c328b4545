/** Metadata of a trigger. */
export type Metadata = Readonly<Record<string, string>>;

/** A trigger as a ScaledObject writes it. */
export type TriggerForm = {
	readonly type: string;
	readonly name?: string | null | undefined;
	readonly useCachedMetrics?: boolean | null | undefined;
	readonly metadata: Metadata;
	readonly authenticationRef?: unknown;
	readonly metricType?: 'AverageValue' | 'Value' | 'Utilization' | null | undefined;
};

/** A broken rule: the key it stands at, below the map it belongs to, and what that key ought to be. */
export type SpecFault = {readonly path: readonly (string | number)[]; readonly rule: string};

/** Faults of keys that are not given. */
export function* given(metadata: Metadata, keys: readonly string[]): Generator<SpecFault> {
	for (const key of keys) {
		if (metadata[key] === undefined || metadata[key] === '') {
			yield {path: ['metadata', key], rule: 'given'};
		}
	}
}

/** Faults of keys that are neither given nor taken from a variable of the container. */
export function* givenOrFromEnv(metadata: Metadata, keys: readonly string[]): Generator<SpecFault> {
	for (const key of keys) {
		if (metadata[`${key}FromEnv`] === undefined) {
			yield* given(metadata, [key]);
		}
	}
}

/** Faults of keys whose text is no number of at least 0.001. */
export function* positives(metadata: Metadata, keys: readonly string[]): Generator<SpecFault> {
	for (const key of keys) {
		const text = metadata[key];
		if (text !== undefined && text !== '' && !(numberOfText(text) >= 0.001)) {
			yield {path: ['metadata', key], rule: 'a number, at least 0.001'};
		}
	}
}

/** Faults of keys whose text is no number. */
export function* numbers(metadata: Metadata, keys: readonly string[]): Generator<SpecFault> {
	for (const key of keys) {
		const text = metadata[key];
		if (text !== undefined && Number.isNaN(numberOfText(text))) {
			yield {path: ['metadata', key], rule: 'a number'};
		}
	}
}

/** Faults of keys whose text is no flag. */
export function* flags(metadata: Metadata, keys: readonly string[]): Generator<SpecFault> {
	for (const key of keys) {
		const text = metadata[key];
		if (text !== undefined && boolOf(text) === undefined) {
			yield {path: ['metadata', key], rule: 'true or false'};
		}
	}
}

/** A number as Go's `strconv.ParseFloat` takes it, but for its infinities; NaN for another text. */
export function numberOfText(text: string): number {
	return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
}

/** A flag as Go's `strconv.ParseBool` takes it; undefined for another text. */
export function boolOf(text: string): boolean | undefined {
	if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) {
		return true;
	}

	return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}
