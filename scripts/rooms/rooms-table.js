import {rooms} from './rooms.js';

/** The rooms as a Markdown table: folder, what it holds, what it may import, whether it is pure. */
export function roomsTable() {
	const rows = Object.entries(rooms).map(([name, {pure, may, holds}]) => {
		const imports = may.length === 0 ? '–' : may.join(', ');
		return `| \`src/${name}/\` | ${holds} | ${pure ? 'yes' : 'no'} | ${imports} |`;
	});
	return ['| folder | holds | pure | may import |', '|---|---|---|---|', ...rows].join('\n');
}
