import tseslint from 'typescript-eslint';

// Biome does format, lint and boundaries; these three rules need types.
export default tseslint.config({
	files: ['**/*.ts'],
	languageOptions: {parser: tseslint.parser, parserOptions: {project: ['./tsconfig.json', './tsconfig.browser.json']}},
	plugins: {'@typescript-eslint': tseslint.plugin},
	rules: {
		'@typescript-eslint/no-floating-promises': 'error',
		'@typescript-eslint/no-misused-promises': 'error',
		'@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
	},
});
