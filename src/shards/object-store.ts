/** Where work is left for shards, and their records for whoever collects them: texts by name. */
export type ObjectStore = {
	/** Nothing where there is none of that name. */
	readonly get: (name: string) => Promise<string | undefined>;
	/** A reader sees the old text or the new one, never a part. */
	readonly put: (name: string, text: string) => Promise<void>;
};

/** A name that stays inside its store. */
export function checkedName(name: string): string {
	if (!/^[\w-]+(?:\/[\w-]+)*$/.test(name)) {
		throw new RangeError(`Expected the name of an object to be words of letters and digits, got ${name}`);
	}

	return name;
}
