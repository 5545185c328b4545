import {answerHeadline, answerLines} from '../../report/answer-lines.ts';
import {tableHtml} from '../../report/pages/page.ts';
import {standingLines} from '../../report/standing-lines.ts';
import {withUnits} from '../../report/text/format.ts';
import type {Explored, Shown} from '../explored.ts';
import {measuredNote} from '../explored.ts';
import {keyFigures, pendingLine, replicationWords, tables} from '../figures.ts';
import {pictures} from '../pictures.ts';
import {byId, element, showText} from './element.ts';

/** Figures, pictures and tables of what is shown. */
export class ResultsView {
	readonly #measured: Explored['measured'];
	readonly #words: Explored['words'];
	#shown: Shown | undefined;

	constructor({measured, words}: Explored) {
		this.#measured = measured;
		this.#words = words;
		new ResizeObserver(() => this.#draw()).observe(byId('pictures'));
	}

	/** @param options - `changes`: of the settings, for `--set`; `isFinal`: whether nothing more is simulated for them */
	show(shown: Shown, {changes, isFinal}: {readonly changes: readonly string[]; readonly isFinal: boolean}): void {
		this.#shown = shown;
		const {summary, experiment} = shown;
		const words = [...this.#words, ...changes.flatMap(change => ['--set', change])];
		const [headline = '', ...reasons] = isFinal
			? answerLines(summary, words)
			: [answerHeadline(summary), pendingLine(summary)];
		showText('answer', withUnits(headline));
		showText('reasons', withUnits(reasons.join('\n')));
		showText('standing', withUnits(standingLines(summary.standing!).join('\n')));
		byId('key-figures').replaceChildren(
			...keyFigures(summary).map(({name, text, beside = ''}) =>
				element('div', {}, element('dt', {}, name), element('dd', {}, text, element('small', {}, beside))),
			),
		);
		showText('replications', replicationWords(summary.replications));
		showText('measured', measuredNote(this.#measured, experiment));
		const {arms, savings} = tables(shown);
		byId('arms').innerHTML = tableHtml(arms, 'Both arms');
		byId('savings').innerHTML = savings.length === 0 ? '' : tableHtml(savings, 'What dynamic saves');
		this.#draw();
	}

	#draw(): void {
		if (this.#shown === undefined) {
			return;
		}

		const drawn = pictures(this.#shown, this.#measured, widthOf(byId('replicas')));
		for (const figure of document.querySelectorAll<HTMLElement>('#pictures figure')) {
			const picture = drawn[figure.id];
			figure.hidden = picture === undefined;
			figure.querySelector('.picture')!.innerHTML = picture?.svg ?? '';
		}
	}
}

const narrowest = 260;

function widthOf(figure: HTMLElement): number {
	return Math.max(narrowest, Math.floor(figure.clientWidth));
}
