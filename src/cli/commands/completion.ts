import yargs, {type Argv} from 'yargs';
import {examplesOf} from '../terminal/option-forms.ts';

export const command = 'completion';
export const describe = 'Print a script with which the shell completes commands, options and files';
export const builder = (yargs: Argv) =>
	yargs.example(
		examplesOf({'$0 completion >> ~/.bashrc': 'For bash; the shell of $SHELL is taken, also zsh and fish'}),
	);

export function handler(): void {
	yargs().scriptName('replicast').showCompletionScript();
}
