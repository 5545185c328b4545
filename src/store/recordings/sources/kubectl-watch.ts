import type {ReplicaRow, ReplicaSource} from './replica-rows.ts';

/** Head of the table that `kubectl get hpa` prints, with a column of its options before or behind. */
const head = /\bNAME\s+REFERENCE\s+TARGETS\s+MINPODS\s+MAXPODS\s+REPLICAS\s+AGE\b/;

/** A line of the table: the targets may hold spaces, so it is read from its reference and from its end. */
const line =
	/(?:^|\s)(?<name>\S+)\s+\S+\/\S+\s+\S.*?\s+(?:\d+|<unset>)\s+\d+\s+(?<replicas>\d+)\s+(?<age>(?:\d+[ydhms])+|<\w+>|0s)\s*$/;

/** Longest line that is read [characters]: of a longer one the search for its columns would take a time that grows as its square. */
const longestLine = 10_000;

/** Whether a text is what `kubectl get hpa -w` prints. */
export function isKubectlWatch(text: string): boolean {
	return head.test(text.slice(0, 4096));
}

/**
 * Rows of `kubectl get hpa -w`, with or without `-o wide`, `--output-watch-events` and `--all-namespaces`. REPLICAS is the
 * HPA's `status.currentReplicas`, AGE the time since the HPA was made.
 *
 * @throws {RangeError} with the number of a line that is none of the table, or when lines are of several HPAs
 * @see kubernetes 1.34 pkg/printers/internalversion/printers.go, printHorizontalPodAutoscaler
 */
export function readKubectlWatch(text: string): ReplicaSource {
	const rows: ReplicaRow[] = [];
	const names = new Set<string>();
	for (const [index, content] of text.split(/\r?\n/).entries()) {
		const isRead = content.length <= longestLine;
		if (content.trim() === '' || (isRead && head.test(content))) {
			continue;
		}

		const found = isRead ? line.exec(content)?.groups : undefined;
		const at = found === undefined ? Number.NaN : ageSeconds(found['age']!);
		if (found === undefined || Number.isNaN(at)) {
			throw new RangeError(
				`${index + 1}:1: Expected a line of kubectl get hpa, got ${JSON.stringify(content.slice(0, 60))}`,
			);
		}

		names.add(found['name']!);
		const replicas = Number(found['replicas']);
		rows.push({at, desired: replicas, current: Number.NaN});
	}

	if (names.size > 1) {
		throw new RangeError(`1:1: Expected lines of one HPA, got ${[...names].slice(0, 5).join(', ')}`);
	}

	const oldest = rows.reduce((most, {at}) => Math.max(most, at), 0);
	return {
		rows,
		clock: 'own',
		notes: [
			"REPLICAS is the HPA's status.currentReplicas: it follows what the autoscaler wants by one reconcile",
			...(oldest >= 600
				? ['kubectl gives an AGE from 10 minutes on in whole minutes, from 8 hours on in whole hours']
				: []),
		],
	};
}

const unitSeconds: Readonly<Record<string, number>> = {y: 31_536_000, d: 86_400, h: 3600, m: 60, s: 1};

/** @returns NaN for an age that kubectl does not know, such as `<unknown>` */
function ageSeconds(age: string): number {
	const parts = [...age.matchAll(/(\d+)([ydhms])/g)];
	return parts.length === 0
		? Number.NaN
		: parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!, 0);
}
