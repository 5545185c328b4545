import yargs, {type Argv} from 'yargs';

export const command = 'completion';
export const describe = 'Print a script with which the shell completes commands, options and files';
export const builder = (yargs: Argv) => yargs.example('$0 completion >> ~/.bashrc', 'for bash; zsh and fish by $SHELL');

export function handler(): void {
	yargs().scriptName('replicast').showCompletionScript();
}
