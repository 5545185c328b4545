import type {RecordStanding} from '../../comparison/admit.ts';
import type {FreezeOrder, RecordEvidence, ValidatedExperiment} from '../../comparison/validation/validation.ts';
import {escapeMarkdown, type MarkdownCell, markdownCode, markdownLink, markdownTable} from '../text/markdown.ts';

const orderWords: Readonly<Record<FreezeOrder, string>> = {
	after: 'after',
	before: 'before',
	same: 'same',
	unknown: '–',
};

/** Row of a record: its place and time, and whether it judges. */
export function recordRow(
	record: RecordEvidence,
	{title, orders, comparison}: ValidatedExperiment,
	link: string | undefined,
): MarkdownCell[] {
	const {folder, hash, measuredAt, standing} = record;
	const name = folder.split(/[\\/]/).slice(-2).join('/');
	return [
		markdownLink(name, link ?? folder),
		title,
		markdownCode(hash.slice(0, 12)),
		measuredAt?.replace('T', ' ').replace('Z', ' UTC') ?? 'not recorded',
		orderWords[orders[folder] ?? 'unknown'],
		useOf(standing, comparison !== null),
	];
}

function useOf(standing: RecordStanding, isJudged: boolean): string {
	switch (standing.role) {
		case 'judge':
			return isJudged ? 'judges' : 'none: its experiment sets no tolerance';
		case 'calibration':
			return 'fitted';
		case 'refused':
			return `left out: it ${standing.reason}`;
	}
}

/** Table of the models that the experiments use. */
export function modelTable(experiments: readonly ValidatedExperiment[]): string {
	const models = new Map(
		experiments.flatMap(experiment => experiment.models.map(model => [JSON.stringify(model), model] as const)),
	);
	return markdownTable([
		['model', 'kind', 'status', 'date', 'fitted to'],
		...[...models.values()].map(({name, kind, status, date, records}) => [
			name,
			kind,
			status ?? '–',
			date ?? '–',
			codes(records.map(hash => hash.slice(0, 12))),
		]),
	]);
}

function codes(words: readonly string[]): MarkdownCell {
	const cells = words.map(markdownCode);
	const texts = cells.map(cell => (typeof cell === 'string' ? escapeMarkdown(cell) : cell.markdown));
	return words.length === 0 ? '–' : {markdown: texts.join(', ')};
}
