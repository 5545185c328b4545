import type {Value} from '../../tune/knob.ts';
import type {Control, ControlGroup} from '../control.ts';
import type {Settings} from '../settings.ts';
import {element} from './element.ts';

type OnMove = (control: Control, value: Value) => void;

/** Control in the page, and how it is set to a value. */
type Slider = {readonly control: Control; readonly node: HTMLElement; readonly set: (value: Value) => void};

/** The sliders in their groups. */
export class ControlPanel {
	readonly #sliders: readonly Slider[];

	constructor(place: HTMLElement, controls: readonly Control[], onMove: OnMove) {
		this.#sliders = controls.map(control => sliderOf(control, onMove));
		const groups = new Set(controls.map(({group}) => group));
		place.append(...[...groups].map(group => this.#fieldset(group)));
	}

	/** Brings all sliders to where the settings have them. */
	show(settings: Settings): void {
		for (const {control, set} of this.#sliders) {
			set(settings.get(control.name) ?? control.own);
		}
	}

	#fieldset(group: ControlGroup): HTMLElement {
		const own = this.#sliders.filter(({control}) => control.group === group);
		return element('fieldset', {}, element('legend', {}, group), ...own.map(({node}) => node));
	}
}

function sliderOf(control: Control, onMove: OnMove): Slider {
	const {name, label, own, stops, words} = control;
	const id = `control-${name}`;
	const isChoice = stops.every(stop => typeof stop === 'string');
	const input = isChoice ? choiceOf(id, control) : rangeOf(id, control);
	const output = element('output', {for: id, 'aria-hidden': 'true'});
	const was = element('span', {class: 'was', id: `${id}-was`}, `the experiment has ${words(own)}`);
	const node = element('div', {class: 'control'}, element('label', {for: id}, label), output, input, was);
	const set = (value: Value) => {
		const index = stops.indexOf(value);
		input.value = isChoice ? String(value) : String(index);
		if (!isChoice) {
			input.setAttribute('aria-valuetext', words(value));
			output.textContent = words(value);
		}

		node.classList.toggle('moved', value !== own);
		was.hidden = value === own;
	};
	input.addEventListener('input', () => {
		const value = isChoice ? input.value : stops[Number(input.value)]!;
		set(value);
		onMove(control, value);
	});
	return {control, node, set};
}

function rangeOf(id: string, {stops}: Control): HTMLInputElement {
	const most = String(stops.length - 1);
	// A browser would bring back where a slider stood before a reload; the address says that.
	return element('input', {type: 'range', id, min: '0', max: most, step: '1', autocomplete: 'off'});
}

function choiceOf(id: string, {stops}: Control): HTMLSelectElement {
	const options = stops.map(stop => element('option', {value: String(stop)}, String(stop)));
	return element('select', {id, autocomplete: 'off'}, ...options);
}
