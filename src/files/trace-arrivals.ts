import type {TraceArrivals} from '../experiment/experiment.ts';
import {bendTrace, type TraceColumns} from '../experiment/transform-trace.ts';
import {TraceArrivalsSchema, type TraceTransform} from '../experiment/workload-schema.ts';
import {resolvePath} from './inline-references.ts';
import {readTrace, readTracePart} from './read-trace.ts';
import {nodeAt, plainValue, type SourceNode} from './source-tree.ts';
import {type Malformed, malformedWords} from './trace-lines.ts';

/** A trace as its file has it, and how an experiment bends it. */
export type NamedTrace = {
	/** As the experiment spells the path. */
	readonly file: string;
	/**
	 * All of it, as its file has it.
	 *
	 * @throws {UnreadableError | RangeError} when the file cannot be read as a trace
	 */
	readonly read: () => Promise<TraceColumns>;
	/**
	 * What the experiment plays of it.
	 *
	 * @throws {UnreadableError | RangeError} when the file cannot be read as a trace, or nothing or too much is left
	 */
	readonly arrivals: () => Promise<TraceArrivals>;
	readonly transform: TraceTransform;
};

/** The trace that an experiment's tree names; nothing where it has none, or its keys are wrong in themselves. */
export function traceArrivals(tree: SourceNode): NamedTrace | undefined {
	const node = nodeAt(tree, ['workload', 'arrivals']);
	const {data: given} = TraceArrivalsSchema.safeParse(node && plainValue(node));
	if (node === undefined || given === undefined) {
		return undefined;
	}

	const {file, format, unit, transform} = given;
	const path = resolvePath(file, nodeAt(node, ['file'])!.source);
	const read = async () => {
		const {columns, malformed} = await readTrace(path, {format, unit});
		refuseMalformed(malformed);
		return columns;
	};
	const arrivals = async () => {
		const {columns, malformed} = await readTracePart(path, {format, unit}, transform);
		refuseMalformed(malformed);
		return bendTrace(columns, transform);
	};
	return {file, read, arrivals, transform};
}

function refuseMalformed(malformed: Malformed): void {
	if (malformed.count > 0) {
		throw new RangeError(malformedWords(malformed));
	}
}
