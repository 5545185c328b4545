import {everywhere, rooms, rootFiles} from './scripts/rooms/rooms.js';

const names = Object.keys(rooms);
const below = name => names.filter(other => other.startsWith(`${name}/`));

/** Matches the files of a room, without those of the rooms within it. */
const filesOf = name => {
	const inner = below(name).map(other => other.slice(name.length + 1));
	return `^src/${name}/${inner.length === 0 ? '' : `(?!(?:${inner.join('|')})/)`}`;
};

const shared = everywhere.map(file => `^src/${file}$`);

const roomRules = names.map(name => ({
	name: `${name} may import only: ${rooms[name].may.join(', ') || 'nothing'}`,
	severity: 'error',
	from: {path: filesOf(name)},
	to: {path: '^src/', pathNot: [filesOf(name), ...rooms[name].may.map(filesOf), ...shared]},
}));

const rootRules = Object.entries(rootFiles).map(([file, may]) => ({
	name: `src/${file} may import only: ${may.join(', ') || 'nothing'}`,
	severity: 'error',
	from: {path: `^src/${file}$`},
	to: {path: '^src/', pathNot: [...may.map(filesOf), ...shared]},
}));

const pure = names.filter(name => rooms[name].pure);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [
		...roomRules,
		...rootRules,
		{
			name: 'every folder of src is a room of scripts/rooms/rooms.js',
			severity: 'error',
			from: {path: '^src/[^/]+/', pathNot: names.filter(name => !name.includes('/')).map(name => `^src/${name}/`)},
			to: {},
		},
		{
			name: 'pure rooms know nothing of Node',
			severity: 'error',
			from: {path: pure.map(filesOf)},
			to: {dependencyTypes: ['core']},
		},
		{name: 'no circle, of types neither', severity: 'error', from: {path: '^src/'}, to: {circular: true}},
	],
	options: {
		tsPreCompilationDeps: true,
		doNotFollow: {path: 'node_modules'},
		includeOnly: ['^src/', '^node:', '^[a-z/_]+$'],
		tsConfig: {fileName: 'tsconfig.json'},
		enhancedResolveOptions: {extensions: ['.ts', '.js']},
	},
};
