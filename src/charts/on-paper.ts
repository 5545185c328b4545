import type {Specification} from './chart.ts';
import {palette} from './palette.ts';

type TextLayer = Specification & {readonly mark: Specification; readonly encoding: Specification};

/** A layer of text twice: first as a rim in the colour of the paper, so that what lies below does not cross it. */
export function onPaper(layer: TextLayer): Specification[] {
	const {color: _, ...encoding} = layer.encoding;
	const rim = {...layer.mark, stroke: palette.paper, strokeWidth: 6, strokeJoin: 'round'};
	return [{...layer, encoding, mark: {...rim, color: palette.paper}}, layer];
}
