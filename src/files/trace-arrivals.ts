import type {TraceColumns} from '../experiment/transform-trace.ts';
import {TraceArrivalsSchema, type TraceTransform} from '../experiment/workload-schema.ts';
import {resolvePath} from './inline-references.ts';
import {malformedWords, readTrace} from './read-trace.ts';
import {nodeAt, plainValue, type SourceNode} from './source-tree.ts';

/** A trace as its file has it, and how an experiment bends it. */
export type NamedTrace = {
	/** As the experiment spells the path. */
	readonly file: string;
	/** @throws {UnreadableError | RangeError} when the file cannot be read as a trace */
	readonly read: () => Promise<TraceColumns>;
	readonly transform: TraceTransform;
};

/** The trace that an experiment's tree names; nothing where it has none, or its keys are wrong in themselves. */
export function traceArrivals(tree: SourceNode): NamedTrace | undefined {
	const node = nodeAt(tree, ['workload', 'arrivals']);
	const {data: given} = TraceArrivalsSchema.safeParse(node && plainValue(node));
	if (node === undefined || given === undefined) {
		return undefined;
	}

	const {file, format, transform} = given;
	const read = async () => {
		const {columns, malformed} = await readTrace(resolvePath(file, nodeAt(node, ['file'])!.source), format);
		if (malformed.count > 0) {
			throw new RangeError(malformedWords(malformed));
		}

		return columns;
	};
	return {file, read, transform};
}
