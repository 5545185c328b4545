import {setTimeout as sleep} from 'node:timers/promises';
import type {KubeApi} from '../api/kube-api.ts';
import {unixNow} from './clock.ts';

type Change = 'there' | 'gone';

type Watched = {metadata: {name: string; resourceVersion?: string}};
type List<Item> = {metadata: {resourceVersion: string}; items: Item[]};

type WatchOptions<Item> = {
	readonly path: string;
	/** Selector by labels. */
	readonly selector?: string;
	/** Selector by fields, such as `metadata.name=chat`. */
	readonly fields?: string;
	readonly onChange: (change: Change, object: Item) => void;
	/** The objects are not watched from now on, until `onGap`. */
	readonly onLost?: () => void;
	/** The objects were not watched for this long [s]; changes in that time are reported late. */
	readonly onGap: (seconds: number) => void;
	readonly signal: AbortSignal;
};

const retryMs = 200;

/** Watches all objects at a path, and each change, until the signal aborts. A watch that breaks begins again. */
export async function watchList<Item extends Watched>(api: KubeApi, options: WatchOptions<Item>): Promise<void> {
	const {signal, onChange, onGap} = options;
	const known = new Map<string, Item>();
	let version: string | undefined;
	let lostAt: number | undefined;
	while (!signal.aborted) {
		try {
			version ??= await relist(api, options, known);
			if (lostAt !== undefined) {
				onGap(unixNow() - lostAt);
				lostAt = undefined;
			}

			for await (const line of api.lines(queryOf(options, {watch: 'true', resourceVersion: version}), signal)) {
				const {type, object} = JSON.parse(line) as {type: string; object: Item};
				if (type === 'ERROR') {
					version = undefined; // the version is too old
					break;
				}

				version = object.metadata.resourceVersion ?? version;
				if (type !== 'BOOKMARK') {
					report(known, type === 'DELETED' ? 'gone' : 'there', object, onChange);
				}
			}
		} catch {
			if (signal.aborted) {
				return;
			}

			version = undefined; // so that the gap lasts until the objects are known again
			if (lostAt === undefined) {
				lostAt = unixNow();
				options.onLost?.();
			}

			await sleep(retryMs, undefined, {signal}).catch(() => undefined);
		}
	}
}

async function relist<Item extends Watched>(
	api: KubeApi,
	options: WatchOptions<Item>,
	known: Map<string, Item>,
): Promise<string> {
	const {metadata, items} = await api.get<List<Item>>(queryOf(options, {}));
	const present = new Set(items.map(({metadata: {name}}) => name));
	for (const [name, object] of known) {
		if (!present.has(name)) {
			report(known, 'gone', object, options.onChange);
		}
	}

	for (const object of items) {
		report(known, 'there', object, options.onChange);
	}

	return metadata.resourceVersion;
}

function report<Item extends Watched>(
	known: Map<string, Item>,
	change: Change,
	object: Item,
	onChange: WatchOptions<Item>['onChange'],
): void {
	if (change === 'gone') {
		known.delete(object.metadata.name);
	} else {
		known.set(object.metadata.name, object);
	}

	onChange(change, object);
}

/** Path of a list, or of a watch of it. */
export function queryOf(
	{path, selector, fields}: Pick<WatchOptions<never>, 'path' | 'selector' | 'fields'>,
	query: Readonly<Record<string, string>>,
): string {
	const all = new URLSearchParams({
		...query,
		...(query['watch'] !== undefined && {allowWatchBookmarks: 'true'}),
		...(selector !== undefined && {labelSelector: selector}),
		...(fields !== undefined && {fieldSelector: fields}),
	});
	return `${path}?${all}`;
}
